interface DemoProps {
  readonly lab: string;
  readonly onClose: () => void;
}

/** The story of a lab for an audience, on the whole screen. */
export function Demo({ lab, onClose }: DemoProps) {
  return (
    <main className="demo">
      <h1>{lab}</h1>
      <button type="button" onClick={onClose}>
        Close
      </button>
    </main>
  );
}
