// Amounts as people type them: "1.2m", "1,200", "1 200", "12k".
const sizes: Record<string, number> = { "": 1, k: 1e3, m: 1e6, mn: 1e6, bn: 1e9 };

/** The amount, or null where it is none. */
export function amountOf(text: string): number | null {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/[\s\u00a0\u202f_']/g, "");
  const [, digits = "", size = ""] = /^([\d.,]+)(k|m|mn|bn)?$/.exec(bare) ?? [];
  const plain = withoutSeparators(digits);
  if (plain === null) return null;
  const amount = Number(plain) * (sizes[size] ?? NaN);
  return Number.isFinite(amount) ? amount : null;
}

/** "1,200" and "1.200.000" are whole; "1,200.5" and "1.200,5" have a fraction; so has "1.2". */
function withoutSeparators(digits: string): string | null {
  if (/^\d+(\.\d+)?$/.test(digits) || /^\.\d+$/.test(digits)) return digits;
  if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(digits)) return digits.replaceAll(",", "");
  if (/^\d{1,3}(\.\d{3})+(,\d+)?$/.test(digits)) return digits.replaceAll(".", "").replace(",", ".");
  if (/^\d+,\d+$/.test(digits)) return digits.replace(",", ".");
  return null;
}
