import { describe, expect, it } from "vitest";
import { tokens } from "./look";
import { dark, light } from "./palette";

describe("the palette", () => {
  it.each([
    ["light", light],
    ["dark", dark],
  ] as const)("stands out from the paper, %s", (theme, set) => {
    const { paper, ink, soft, accent, good, warn, bad, ghost } = tokens({ theme });
    for (const colour of [...set, ghost]) expect(contrast(colour, paper)).toBeGreaterThan(3);
    for (const colour of [ink, soft, accent, good, warn, bad]) expect(contrast(colour, paper)).toBeGreaterThan(4.5);
  });

  it.each([
    ["light", light],
    ["dark", dark],
  ] as const)("keeps the first six apart for who sees no red or no green, %s", (_, set) => {
    const six = set.slice(0, 6);
    for (const seen of [deuteranope, protanope]) {
      const pairs = six.flatMap((a, i) => six.slice(0, i).map((b) => distance(seen(a), seen(b))));
      expect(Math.min(...pairs)).toBeGreaterThan(0.1);
    }
  });
});

type Rgb = [number, number, number];

function linear(colour: string): Rgb {
  return [1, 3, 5].map((k) => {
    const c = parseInt(colour.slice(k, k + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
}

/** WCAG 2: (lighter + 0.05) / (darker + 0.05). */
function contrast(a: string, b: string): number {
  const [x, y] = [a, b].map((colour) => {
    const [r, g, blue] = linear(colour);
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  }) as [number, number];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** Machado, Oliveira & Fernandes 2009, severity 1, in linear light. */
function deuteranope(colour: string): Rgb {
  const [r, g, b] = linear(colour);
  return [0.367 * r + 0.861 * g - 0.228 * b, 0.28 * r + 0.673 * g + 0.047 * b, -0.012 * r + 0.043 * g + 0.969 * b];
}

function protanope(colour: string): Rgb {
  const [r, g, b] = linear(colour);
  return [0.152 * r + 1.053 * g - 0.205 * b, 0.115 * r + 0.786 * g + 0.099 * b, -0.004 * r - 0.048 * g + 1.052 * b];
}

function distance(a: Rgb, b: Rgb): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
