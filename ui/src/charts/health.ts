// The checks of a fit as a list: how each came out, its figure, and what it should be.
import type { Health, Mark, Report } from "../api/report";
import { list, short } from "../lib/names";
import { quoted } from "../lib/spoken";
import { chart, type Option } from "./kit/chart";
import { checkNames, digitsOf, marks, said, wantedWords } from "./kit/checks";
import { frame } from "./kit/frame";
import { tokens, type Look } from "./kit/look";
import { stroke, words } from "./kit/strokes";

const row = 30;

export const health = chart({
  name: "health",
  exhibit: "health",
  question: "Can the numbers be trusted?",
  note: "Each line is a check with its figure and what it should be. “Look” means that the numbers can be used by those who know why; “failed” means that they must not be used.",
  missing: (data) => (data.checks.length ? null : "Nothing was checked."),
  sentence: (data) => {
    const of = (mark: Mark) =>
      data.checks.filter((check) => check.mark === mark).map((check) => checkNames[check.check]);
    const [failed, look] = [of("failed"), of("look")];
    if (failed.length) return `These numbers must not be used. Failed: ${list(failed, 6)}.`;
    return look.length
      ? `${data.checks.length - look.length} of ${data.checks.length} checks are fine. Look at: ${list(look, 6)}.`
      : `All ${data.checks.length} checks are fine.`;
  },
  option,
  table: (data) => ({
    columns: [
      { key: "check", title: "Check", unit: "", kind: "text" },
      { key: "mark", title: "Mark", unit: "", kind: "text" },
      { key: "figure", title: "Figure", unit: "", kind: "fine", digits: data.checks.map(digitsOf) },
      { key: "wanted", title: "Should be", unit: "", kind: "text" },
      { key: "whose", title: "Whose", unit: "", kind: "text" },
      { key: "advice", title: "What to try", unit: "", kind: "text" },
    ],
    rows: data.checks.map((check) => [
      checkNames[check.check],
      marks[check.mark].word,
      check.figure ?? null,
      wantedWords(check),
      check.whose.join(", "),
      quoted(check.advice),
    ]),
  }),
  caption: () => "Figures of the fit against what they should be; single numbers, no intervals.",
  height: (data) => data.checks.length * row + 16,
});

function option(data: Health, _: Report, look: Look): Option {
  const t = tokens(look);
  const wide = look.width >= 520;
  return {
    ...frame(look),
    graphic: data.checks.flatMap((check, k) => {
      const y = 8 + (k + 0.5) * row;
      const mark = marks[check.mark];
      const colour = t[mark.colour];
      return [
        {
          type: "circle" as const,
          silent: true,
          shape: { cx: 22, cy: y, r: 9 },
          style: { fill: "none", stroke: colour, lineWidth: 1.6 },
        },
        { ...words(mark.symbol, 22, y, colour, 11, "center"), silent: true },
        { ...words(mark.word, 38, y, colour, 11.5), silent: true },
        {
          ...words(wide ? checkNames[check.check] : short(checkNames[check.check], 27), 84, y, t.ink, wide ? 12.5 : 11),
          silent: true,
        },
        { ...words(said(check), look.width * (wide ? 0.58 : 0.8), y, t.ink, 12.5), silent: true },
        { ...words(wide ? wantedWords(check) : "", look.width * 0.7, y, t.soft, 12), silent: true },
        { ...stroke(14, y + row / 2, look.width - 14, y + row / 2, t.line, 1), silent: true },
      ];
    }),
  };
}
