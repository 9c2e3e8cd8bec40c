// One colour per channel, by its place in the report, the same in every chart.
// Blue, vermilion, green first, as in Okabe and Ito's set; the first six keep apart for who sees no red or no green, and
// all keep 3:1 against the paper (palette.test.ts).
import type { PartTotal, Report } from "../../api/report";
import { tokens, type Look } from "./look";

export const light: readonly string[] = [
  "#16578f",
  "#df4f10",
  "#08977b",
  "#8150dc",
  "#8a3b00",
  "#738cd3",
  "#b0508a",
  "#6b7a1e",
  "#00616b",
  "#a11d4b",
  "#a87400",
  "#5b4a8a",
];

export const dark: readonly string[] = [
  "#4398ef",
  "#e87a1a",
  "#31c59c",
  "#c4649b",
  "#dccd30",
  "#b2ccff",
  "#f26d8f",
  "#b5c45a",
  "#4fb3bf",
  "#9a9df0",
  "#c99a6b",
  "#c3a3e8",
];

/** The colour of a channel; whoever is no channel is grey. */
export function colourOf(name: string, report: Report, look: Pick<Look, "theme">): string {
  const set = look.theme === "dark" ? dark : light;
  const place = placeOf(name, report);
  return place < 0 ? tokens(look).ghost : (set[place % set.length] ?? tokens(look).ghost);
}

type Part = Pick<PartTotal, "kind" | "name">;

/** The colour of a part: channels have their own, what is no channel is grey or brown, in tints by its place. */
export function partColour(part: Part, parts: readonly Part[], report: Report, look: Pick<Look, "theme">): string {
  const t = tokens(look);
  if (part.kind === "channel") return colourOf(part.name, report, look);
  if (part.kind === "joint") return t.ghost;
  const place = parts.filter(({ kind }) => kind === part.kind).findIndex(({ name }) => name === part.name);
  return mixed(part.kind === "baseline" ? t.baseline : t.control, t.paper, Math.min(0.6, 0.22 * Math.max(0, place)));
}

/** `share` of the way from one colour to another. */
function mixed(from: string, to: string, share: number): string {
  const channels = [1, 3, 5].map((k) => {
    const [a, b] = [from, to].map((colour) => parseInt(colour.slice(k, k + 2), 16));
    const between = Math.round((a ?? 0) + ((b ?? 0) - (a ?? 0)) * share);
    return between.toString(16).padStart(2, "0");
  });
  return `#${channels.join("")}`;
}

function placeOf(name: string, report: Report): number {
  return report.about.channels.findIndex((channel) => channel.name === name);
}
