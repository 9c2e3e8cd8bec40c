// An estimate as a dot on a line, small enough for a table.
import type { Estimate } from "../api/report";

interface Props {
  estimate: Estimate;
  /** Ends of the scale that all bars of a table share. */
  from: number;
  to: number;
  colour: string;
  /** A mark on the scale, where there is one: break-even. */
  mark?: number | undefined;
}

const width = 120;

export function IntervalBar({ estimate, from, to, colour, mark }: Props) {
  const at = (x: number | null) => Math.min(Math.max(((x ?? from) - from) / (to - from || 1), 0), 1) * (width - 12) + 6;
  return (
    <svg className="interval" viewBox={`0 0 ${width} 16`} width={width} height={16} aria-hidden="true">
      <line x1={0} x2={width} y1={8} y2={8} stroke="var(--line)" />
      {mark !== undefined && (
        <line x1={at(mark)} x2={at(mark)} y1={1} y2={15} stroke="var(--ghost)" strokeDasharray="2 2" />
      )}
      <line
        x1={at(estimate.lower)}
        x2={at(estimate.upper)}
        y1={8}
        y2={8}
        stroke={colour}
        strokeWidth={3}
        strokeLinecap="round"
      />
      <circle cx={at(estimate.mean)} cy={8} r={4.5} fill={colour} />
    </svg>
  );
}
