// What people type for a number: 0.5, 1,200, 1 200, 1.2m, 30k.
const scale: Record<string, number> = { "": 1, k: 1e3, m: 1e6, bn: 1e9 };

/** The number typed, or null where there is none. */
export function amount(typed: string): number | null {
  const plain = typed.trim().toLowerCase().replace(/[\s\u00a0\u202f']/g, "");
  const found = /^(-?[\d.,]+)(k|m|bn)?$/.exec(plain);
  const digits = found?.[1];
  if (!digits) return null;
  const value = Number(decimal(digits)) * (scale[found[2] ?? ""] ?? 1);
  return Number.isFinite(value) ? value : null;
}

/** Commas group by threes; a single other comma is a decimal sign, as in much of Europe. */
function decimal(digits: string): string {
  if (/^-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(digits)) return digits.replaceAll(",", "");
  return digits.includes(".") ? digits : digits.replace(",", ".");
}
