import './ring.css';

interface RingProps {
  readonly part: number;
  readonly whole: number;
  /** What is counted, for those who listen. */
  readonly label: string;
  readonly size?: number;
}

/** How much of a whole is done, as an arc. */
export function Ring({ part, whole, label, size = 20 }: RingProps) {
  const share = whole === 0 ? 0 : part / whole;
  const width = Math.max(2.5, size / 11);
  const radius = (size - width) / 2;
  const round = 2 * Math.PI * radius;
  return (
    <svg className="ring" role="img" aria-label={`${label}: ${part} of ${whole}`} width={size} height={size}>
      <g transform={`rotate(-90 ${size / 2} ${size / 2})`} fill="none" strokeWidth={width}>
        <circle className="track" cx={size / 2} cy={size / 2} r={radius} />
        {share > 0 && (
          <circle
            className="arc"
            cx={size / 2}
            cy={size / 2}
            r={radius}
            strokeDasharray={`${round * share} ${round}`}
            strokeLinecap={share < 1 ? 'round' : 'butt'}
          />
        )}
      </g>
    </svg>
  );
}
