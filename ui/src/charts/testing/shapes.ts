// Numbers for made-up reports: the same on every run.
import type { Band, Bar, Estimate, Line } from "../../api/report";

/** An estimate about `x`, as wide as `spread` of it. */
export function estimate(x: number, spread = 0.25): Estimate {
  const half = Math.abs(x) * spread + 1e-9;
  return { mean: x, median: x - half * 0.05, lower: x - half, upper: x + half * 1.15 };
}

export function band(ys: readonly number[], spread = 0.2): Band {
  return {
    mean: [...ys],
    lower: ys.map((y) => y - Math.abs(y) * spread),
    upper: ys.map((y) => y + Math.abs(y) * spread * 1.1),
  };
}

export function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, k) => k);
}

/** Wobble in (−1, 1) that looks like noise. */
export function wobble(k: number, of = 0): number {
  const x = Math.sin(k * 12.9898 + of * 78.233) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

export function bars(from: number, to: number, counts: readonly number[]): Bar[] {
  const width = (to - from) / counts.length;
  return counts.map((count, k) => ({ from: from + k * width, to: from + (k + 1) * width, count }));
}

/** A bell over `[from, to]`. */
export function bell(centre: number, sd: number, from: number, to: number, n = 40): Line {
  const x = upTo(n).map((k) => from + ((to - from) * k) / (n - 1));
  return { x, y: x.map((at) => Math.exp(-0.5 * ((at - centre) / sd) ** 2) / (sd * 2.5066)) };
}

/** First days of `n` weeks from the first Monday of 2023. */
export function weeks(n: number): string[] {
  return upTo(n).map((k) => new Date(Date.UTC(2023, 0, 2 + 7 * k)).toISOString().slice(0, 10));
}
