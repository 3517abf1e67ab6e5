import './swell.css';

/** Work goes on: a line of water that moves. Its words stand beside it. */
export function Swell() {
  return (
    <svg className="swell" viewBox="0 0 40 12" width="40" height="12" aria-hidden="true">
      <path d="M-20 6c2.500-4 5-4 7.500 0s5 4 7.500 0 5-4 7.500 0 5 4 7.500 0 5-4 7.500 0 5 4 7.500 0 5-4 7.500 0 5 4 7.500 0" />
    </svg>
  );
}
