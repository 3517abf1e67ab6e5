/** The configuration of the nodes. It stays mounted while terminals are shown, and takes `files` requests of useWork. */
export function Editor() {
  return <p className="quiet">No file is open.</p>;
}
