// What the palette promises to readers: contrast, and colours that are told apart without red or green.
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

/** Ottosson's OKLab, in which equal distances look equal. */
function oklab([r, g, b]: Rgb): Rgb {
  const [l, m, s] = [
    Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b),
    Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b),
    Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b),
  ];
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function distance(a: Rgb, b: Rgb): number {
  const [x, y] = [oklab(a), oklab(b)];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}
