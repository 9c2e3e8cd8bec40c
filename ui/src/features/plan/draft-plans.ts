// Plans to be compared, as they stand in the address. They are kept nowhere else.

export interface DraftPlan {
  name: string;
  /** Spend as a share of today's where it is another, by channel. */
  level: Record<string, number>;
}

export const mostPlans = 5;

/** A name that no plan has yet. */
export function freshName(plans: readonly DraftPlan[], wish = "Plan"): string {
  const taken = new Set(plans.map(({ name }) => name));
  if (wish !== "Plan" && !taken.has(wish)) return wish;
  for (let k = 0; ; k += 1) {
    const name = `${wish} ${wish === "Plan" ? letter(k) : k + 2}`;
    if (!taken.has(name)) return name;
  }
}

const letter = (k: number) => String.fromCharCode(65 + (k % 26)) + (k >= 26 ? Math.floor(k / 26) : "");

/** The money of a plan, channel by channel. */
export function spendAt(level: Record<string, number>, today: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(today).map(([name, spend]) => [name, spend * (level[name] ?? 1)]));
}

/** A plan whose spend was said in money, as shares of today's; what today gets nothing cannot be said so. */
export function levelOf(spend: Record<string, number>, today: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(today)
      .filter(([name, now]) => now > 0 && Math.abs((spend[name] ?? now) / now - 1) > 1e-6)
      .map(([name, now]) => [name, Number(((spend[name] ?? now) / now).toPrecision(6))]),
  );
}

/** Every channel so many times what it gets today. */
export const allAt = (share: number, today: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.keys(today).map((name) => [name, share]));
