// Numbers as a reader sees them: three significant figures, thousands separators, k / m / bn where they help.
// Written by hand because the embedded engine has no Intl.

/** What stands where there is no number. */
export const nothing = "–";

type Maybe = number | null | undefined;

const minus = "\u2212";
const space = "\u00a0";

const big: readonly (readonly [number, string])[] = [
  [1e12, "tn"],
  [1e9, "bn"],
  [1e6, "m"],
];

/** Three significant figures: 12,300 · 1.23m · 0.0457 · −8.1. */
export function figure(x: Maybe, digits = 3): string {
  if (!known(x)) return nothing;
  const rounded = Number(x.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size >= 1e15) return signed(x, scientific(size, digits));
  const unit = big.find(([least]) => size >= least);
  if (unit) return signed(rounded, plain(size / unit[0], digits) + unit[1]);
  if (size !== 0 && size < 1e-4) return signed(x, scientific(size, digits));
  return signed(rounded, separated(plain(size, digits)));
}

/** Fewest digits, at least `least`, with which `x` as written lies on the same side of each bound as `x` itself. */
export function telling(x: Maybe, bounds: readonly number[], least = 3): number {
  const most = 12;
  if (!known(x)) return least;
  const written = (value: number, digits: number) => Number(value.toPrecision(digits));
  for (let digits = least; digits < most; digits += 1) {
    const isTrue = bounds.every(
      (bound) => Math.sign(written(x, digits) - written(bound, digits)) === Math.sign(x - bound),
    );
    if (isTrue) return digits;
  }
  return most;
}

/** A figure on an axis, where room is short: 45k, 1.2m. */
export function tick(x: number): string {
  const size = Math.abs(x);
  return size >= 1000 && size < 1e6 ? signed(x, `${plain(size / 1000, 4)}k`) : figure(x, 4);
}

/** A share as per cent: 0.234 → 23.4 %. */
export function percent(share: Maybe, digits = 3): string {
  if (!known(share)) return nothing;
  const rounded = Number((share * 100).toPrecision(digits));
  const size = Math.abs(rounded);
  if (size !== 0 && size < 0.01) return `${rounded < 0 ? `>${minus}` : "<"}0.01${space}%`;
  return `${signed(rounded, separated(plain(size, digits)))}${space}%`;
}

/** A probability, which is never quite 0 or 1. */
export function probability(p: Maybe): string {
  if (!known(p)) return nothing;
  if (p > 0.99) return `>99${space}%`;
  if (p < 0.01) return `<1${space}%`;
  return `${Math.round(p * 100)}${space}%`;
}

/** A count in full: 12,345. */
export function count(n: Maybe): string {
  return known(n) ? signed(n, separated(String(Math.round(Math.abs(n))))) : nothing;
}

/** A change with its sign: +12 %. */
export function change(share: Maybe): string {
  if (!known(share)) return nothing;
  return share > 0 ? `+${percent(share, 2)}` : percent(share, 2);
}

/** A figure with its sign: +1.2m. */
export function difference(x: Maybe): string {
  if (!known(x)) return nothing;
  return x > 0 ? `+${figure(x)}` : figure(x);
}

/** Two ends of a range: 1.2–2.6, or −1 to 2.6 where a dash would read as a sign. */
export function range(lower: Maybe, upper: Maybe, say: (x: Maybe) => string = figure): string {
  const [from, to] = [say(lower), say(upper)];
  if (from === to) return from;
  const tail = `${space}%`;
  const isSigned = [from, to].some((text) => /^[>+<\u2212]/.test(text));
  const bare = from.endsWith(tail) && to.endsWith(tail) ? from.slice(0, -tail.length) : from;
  return isSigned ? `${bare} to ${to}` : `${bare}–${to}`;
}

export function known(x: unknown): x is number {
  return typeof x === "number" && Number.isFinite(x);
}

function signed(x: number, text: string): string {
  return x < 0 ? minus + text : text;
}

function plain(size: number, digits: number): string {
  if (size === 0) return "0";
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  const fixed = size.toFixed(Math.min(decimals, 20));
  return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
}

function scientific(size: number, digits: number): string {
  const exponent = Math.floor(Math.log10(size));
  return `${plain(size / 10 ** exponent, digits)}e${exponent < 0 ? minus : ""}${Math.abs(exponent)}`;
}

function separated(text: string): string {
  const [whole = "", rest] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest === undefined ? grouped : `${grouped}.${rest}`;
}
