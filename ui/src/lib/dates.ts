// Dates as a reader sees them. A date is "YYYY-MM-DD" and has no time zone.

export const months: readonly string[] = [
  "Jan",
  "Feb",
  "Mar",
  "Apr",
  "May",
  "Jun",
  "Jul",
  "Aug",
  "Sep",
  "Oct",
  "Nov",
  "Dec",
];

/** "2024-03-05" → "5 Mar 2024"; anything else as it is. */
export function day(date: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  const month = parts && months[Number(parts[2]) - 1];
  return parts && month ? `${Number(parts[3])} ${month} ${parts[1]}` : date;
}

/** "2024-03-05" → "Mar 2024". */
export function month(date: string): string {
  return day(date).replace(/^\d+ /, "");
}

/** The first day of a stretch of time as the stretch is called: 2024, Q2 2024, Apr 2024, 5 Apr 2024. */
export function stretch(date: string, grain: string): string {
  if (grain === "year") return date.slice(0, 4);
  if (grain === "quarter") return `Q${Math.floor((Number(date.slice(5, 7)) - 1) / 3) + 1} ${date.slice(0, 4)}`;
  return grain === "month" ? month(date) : day(date);
}

/** Milliseconds since 1970 at midnight, universal time: what a time axis takes. */
export function instant(date: string): number {
  const [year = 1970, of = 1, on = 1] = date.split("-").map(Number);
  return Date.UTC(year, of - 1, on);
}
