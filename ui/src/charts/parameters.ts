// Posterior intervals of the parameters, those of one kind on one scale.
import type { ParameterRow, Report, Sampling } from "../api/report";
import { short } from "../lib/names";
import { figure, range } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { whiskers } from "./kit/forest";
import { acrossValues, downNames, frame } from "./kit/frame";
import { tokens, type Look } from "./kit/look";
import { parameterCells, parameterColumns } from "./kit/parameters";
import { fontFamily } from "./kit/frame";

/** Rows of one kind that are drawn; the table has all. */
const mostRows = 30;
const [rowHeight, head, foot] = [26, 34, 34];

export const parameters = chart({
  name: "parameters",
  exhibit: "sampling",
  question: "What are the parameters?",
  note: "Mean and interval of each parameter; those of one kind share a scale. The table has how well each was drawn.",
  missing: (data) => (data.table.length ? null : "There are no public parameters."),
  sentence: (data) => {
    const kinds = kindsOf(data);
    const hidden = kinds.filter((kind) => kind.rows.length > mostRows).length;
    const more = hidden ? ` Of ${hidden} kinds only the first ${mostRows} are drawn; the table has all.` : "";
    return `${data.table.length} parameters and derived quantities of ${kinds.length} kinds.${more}`;
  },
  option,
  table: (data) => ({ columns: parameterColumns, rows: data.table.map(parameterCells) }),
  choices: (data) => ({ channel: kindsOf(data).map((kind) => kind.name) }),
  height: (data, _, look) =>
    shown(data, look).reduce((sum, kind) => sum + kind.rows.length * rowHeight + head + foot, 0),
});

interface Kind {
  name: string;
  rows: ParameterRow[];
}

/** "decay[tv]" and "decay[radio]" are of one kind. */
function kindsOf(data: Sampling): Kind[] {
  const kinds = new Map<string, ParameterRow[]>();
  for (const row of data.table) {
    const name = row.name.replace(/\[.*$/s, "");
    kinds.set(name, [...(kinds.get(name) ?? []), row]);
  }
  return [...kinds].map(([name, rows]) => ({ name, rows }));
}

function shown(data: Sampling, look: Pick<Look, "channel">): Kind[] {
  const kinds = kindsOf(data).map(({ name, rows }) => ({ name, rows: rows.slice(0, mostRows) }));
  const own = kinds.filter((kind) => kind.name === look.channel);
  return own.length ? own : kinds;
}

function option(data: Sampling, _: Report, look: Look): Option {
  const t = tokens(look);
  let top = 0;
  const placed = shown(data, look).map((kind) => {
    const at = top;
    top += kind.rows.length * rowHeight + head + foot;
    return { ...kind, at };
  });
  const left = look.width < 520 ? 110 : 170;
  const widest = Math.max(...placed.flatMap(({ rows }) => rows.map((row) => inWords(row).length)));
  const right = look.width < 520 ? 16 : 24 + widest * 6.6;
  return {
    ...frame(look),
    title: placed.map(({ name, at }) => ({
      text: short(name, 40),
      left: 14,
      top: at + 8,
      padding: 0,
      textStyle: { fontFamily, fontSize: 12.5, fontWeight: "bold" as const, color: t.ink },
    })),
    grid: placed.map(({ rows, at }) => ({ left, right, top: at + head, height: rows.length * rowHeight })),
    xAxis: placed.map((_kind, grid) => acrossValues(look, { grid, free: true, ticks: 4 })),
    yAxis: placed.map(({ rows }, grid) =>
      downNames(
        look,
        rows.map((row) => short(inner(row.name), look.width < 520 ? 14 : 22)),
        grid,
      ),
    ),
    series: placed.map(({ rows }, grid) =>
      whiskers(
        rows.map((row) => {
          const text = inWords(row);
          return {
            name: row.name,
            colour: t.accent,
            point: row.mean,
            lower: row.lower,
            upper: row.upper,
            text,
            tip: `${row.name}\n${text}\nR-hat ${figure(row.r_hat, 4)}`,
          };
        }),
        look,
        right > 16,
        grid,
      ),
    ),
  };
}

function inWords(row: ParameterRow): string {
  return `${figure(row.mean)} (${range(row.lower, row.upper)})`;
}

/** "decay[tv]" → "tv"; a name without brackets as it is. */
function inner(name: string): string {
  return /\[(.*)\]$/s.exec(name)?.[1] ?? name;
}
