/** A wall, and water that is high on one side of it and low on the other. */
export function Emblem({ width = 34 }: { readonly width?: number }) {
  return (
    <svg
      width={width}
      viewBox="0 0 34 22"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M1 9c2.5-5 5-5 7.5 0s5 5 7.5 0" />
      <path d="M19.500 3v16" strokeWidth="3.200" />
      <path d="M23 16c1.600-1.800 3.200-1.800 4.900 0s3.300 1.800 4.900 0" />
    </svg>
  );
}
