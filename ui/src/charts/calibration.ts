// Whether the predictive intervals are as wide as they should be.
import type { Calibration, Report } from "../api/report";
import { percent } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { columns } from "./kit/columns";
import { acrossValues, frame, upValues } from "./kit/frame";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { levelRule, rules } from "./kit/marks";

export const calibration = chart({
  name: "calibration",
  exhibit: "calibration",
  question: "Are the intervals as wide as they should be?",
  note: "Where each observation falls among its predictions, in tenths. Level bars mean honest intervals; high bars at both ends mean too narrow ones, a hill in the middle too wide ones.",
  missing: (data) => (data.cells > 0 && data.pit.length ? null : "No observation was looked at."),
  sentence: (data) => {
    const out = data.pit.filter((cells) => cells < data.pit_fewest || cells > data.pit_most).length;
    const range = `between ${data.pit_fewest} and ${data.pit_most} observations`;
    return out
      ? `${out} of ${data.pit.length} tenths do not hold ${range}, as honest intervals would: the intervals are not to be taken at their word.`
      : `All tenths hold ${range}, as honest intervals would.`;
  },
  option,
  table: (data) => ({
    columns: [
      { key: "from", title: "From", unit: "of the predictions", kind: "share" },
      { key: "to", title: "To", unit: "of the predictions", kind: "share" },
      { key: "observed", title: "Observations", unit: "", kind: "number" },
      { key: "fewest", title: "Fewest if honest", unit: "", kind: "number" },
      { key: "most", title: "Most if honest", unit: "", kind: "number" },
    ],
    rows: data.pit.map((cells, k) => [
      k / data.pit.length,
      (k + 1) / data.pit.length,
      cells,
      data.pit_fewest,
      data.pit_most,
    ]),
  }),
  caption: (data) =>
    `${data.cells} observations. Honest intervals keep all tenths together between the dashed lines with a probability of 99\u00a0%.`,
});

function option(data: Calibration, _: Report, look: Look): Option {
  const t = tokens(look);
  const tenths = data.pit.map((cells, k) => ({
    from: k / data.pit.length,
    to: (k + 1) / data.pit.length,
    height: cells,
    tip: `${percent(k / data.pit.length)} to ${percent((k + 1) / data.pit.length)}\n${cells} observations`,
  }));
  return {
    ...frame(look),
    ...legend(look, [
      { name: "observations", colour: t.accent, block: true },
      { name: "where honest intervals stay", colour: t.soft, dashed: true },
    ]),
    grid: [{ left: 58, right: 20, top: 64, bottom: 46 }],
    xAxis: [
      acrossValues(look, {
        name: "where the observation falls among its predictions",
        min: 0,
        max: 1,
        say: (x) => percent(x),
        lines: false,
      }),
    ],
    yAxis: [upValues(look, { name: "observations", min: 0, to: 1.08 * Math.max(...data.pit, data.pit_most) })],
    series: [
      columns({}, tenths, t.accent, look, 0.6),
      {
        type: "line",
        data: [],
        markLine: rules([levelRule(data.pit_fewest, "", look), levelRule(data.pit_most, "", look)]),
      },
    ],
  };
}
