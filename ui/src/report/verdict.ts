// Whether the numbers can be used, in one line with its reason.
import type { Mark, Report } from "../api/report";
import { checkNames, marks } from "../charts/kit/checks";
import { list } from "../lib/names";
import { quoted, sentence } from "../lib/spoken";

export interface Verdict {
  kind: Mark;
  symbol: string;
  title: string;
  reason: string;
}

const titles: Record<Mark, string> = {
  ok: "These numbers can be used.",
  look: "These numbers can be used with care.",
  failed: "Do not use these numbers.",
};

export function verdict(report: Report): Verdict {
  const { about, exhibits } = report;
  const kind = about.converged ? (exhibits.health?.worst ?? "look") : "failed";
  const concerned = (exhibits.health?.checks ?? []).filter((check) => check.mark === kind && kind !== "ok");
  const names = concerned.map((check) => lowered(checkNames[check.check]));
  const nature = about.nature ? `They are drawn from ${about.nature}, not from the posterior. ` : "";
  return { kind, symbol: marks[kind].symbol, title: titles[kind], reason: nature + reasonOf(kind, names, report) };
}

function reasonOf(kind: Mark, names: string[], { about, exhibits }: Report): string {
  if (!exhibits.health) return "Their checks are not in this report.";
  if (kind === "ok") return `All ${exhibits.health.checks.length} checks are fine.`;
  if (kind === "look") return `Look at: ${list(names, 6)}.`;
  if (names.length) return `What failed: ${list(names, 6)}.`;
  return about.warnings[0] ? quoted(sentence(about.warnings[0].message)) : "The chains do not agree.";
}

/** In the middle of a sentence; abbreviations stay as they are. */
function lowered(name: string): string {
  return /^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}
