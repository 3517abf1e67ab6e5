interface TopologyProps {
  readonly lab: string;
  /** The run whose attempts are drawn. */
  readonly run: string | undefined;
  /** Only the attempts of this check, when one is open. */
  readonly check: string | undefined;
}

/** The live network of a lab, and where the attempts of a run went. */
export function Topology({ lab, run, check }: TopologyProps) {
  return (
    <p className="quiet">
      {lab} {run} {check}
    </p>
  );
}
