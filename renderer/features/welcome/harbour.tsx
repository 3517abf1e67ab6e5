/** The name of the thing: high water outside, a wall, still water and light inside. */
export function Harbour() {
  return (
    <svg className="harbour" viewBox="0 0 560 150" aria-hidden="true">
      <g className="sea">
        <path d="M-60 78c14-26 28-26 42 0s28 26 42 0 28-26 42 0 28 26 42 0 28-26 42 0 28 26 42 0 28-26 42 0 28 26 42 0 28-26 42 0" />
        <path d="M-81 98c14-20 28-20 42 0s28 20 42 0 28-20 42 0 28 20 42 0 28-20 42 0 28 20 42 0 28-20 42 0 28 20 42 0 28-20 42 0" />
        <path d="M-66 116c14-14 28-14 42 0s28 14 42 0 28-14 42 0 28 14 42 0 28-14 42 0 28 14 42 0 28-14 42 0 28 14 42 0 28-14 42 0" />
      </g>
      <g className="spray">
        <circle cx="238" cy="44" r="3" />
        <circle cx="226" cy="30" r="2.200" />
        <circle cx="246" cy="24" r="2" />
        <circle cx="212" cy="46" r="2" />
      </g>
      <path className="wall" d="M256 132 264 46h16l8 86z" />
      <g className="still">
        <path d="M300 110c12-5 24-5 36 0s24 5 36 0 24-5 36 0 24 5 36 0 24-5 36 0 24 5 36 0" />
        <path d="M312 124c12-4 24-4 36 0s24 4 36 0 24-4 36 0 24 4 36 0 24-4 36 0" />
      </g>
      <g className="light">
        <path d="M430 100V62m0 0h34v38M430 62l17-15 17 15" />
        <path d="M482 100V74h26v26" />
        <path d="M388 100V80h24v20" />
        <circle cx="447" cy="74" r="3.500" />
        <circle cx="495" cy="84" r="2.600" />
        <circle cx="400" cy="88" r="2.600" />
      </g>
    </svg>
  );
}
