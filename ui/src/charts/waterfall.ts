// What the KPI is made of: part by part, from the baseline to the fitted total.
import type { Estimate, Report, Waterfall } from "../api/report";
import { short } from "../lib/names";
import { figure, known, percent, range } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { forestHeight, margins } from "./kit/forest";
import { steps, type Step } from "./kit/steps";
import { acrossValues, downNames, frame } from "./kit/frame";
import { tokens, type Look } from "./kit/look";
import { rule, rules } from "./kit/marks";
import { partColour } from "./kit/palette";
import { estimateCells, estimateColumns, intervals, kpiUnit, told } from "./kit/words";

export const waterfall = chart({
  name: "waterfall",
  exhibit: "waterfall",
  question: "What is it made of?",
  note: "Read from top to bottom: each bar begins where the one above ends. The thin line is the range of that part alone. The baseline is what would be there without doing anything.",
  missing: (data) => (data.parts.length ? null : "The model has no parts."),
  sentence: (data, report) => {
    const [most] = [...data.parts].sort((a, b) => b.contribution.mean - a.contribution.mean);
    const [channel] = data.parts
      .filter((part) => part.kind === "channel")
      .sort((a, b) => b.contribution.mean - a.contribution.mean);
    const whole = `The model expects ${told(data.fitted, report)} of ${report.about.kpi} where ${figure(data.observed)} was seen.`;
    const part = most ? ` The largest part is ${short(most.name, 40)}: ${told(most.share, report, part2)}.` : "";
    const top =
      channel && channel !== most
        ? ` The largest channel is ${short(channel.name, 40)}: ${told(channel.share, report, part2)}.`
        : "";
    return whole + part + top;
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "part", title: "Part", unit: "", kind: "text" },
      { key: "kind", title: "Kind", unit: "", kind: "text" },
      ...estimateColumns("contribution", "Contribution", kpiUnit(report)),
      ...estimateColumns("share", "Share", `of ${report.about.kpi}`, "share"),
    ],
    rows: [
      ...data.parts.map((part) => [
        part.name,
        part.kind,
        ...estimateCells(part.contribution),
        ...estimateCells(part.share),
      ]),
      ["Fitted", "total", ...estimateCells(data.fitted), ...estimateCells(null)],
      [`${report.about.kpi}, observed`, "observed", data.observed, null, null, null, ...estimateCells(null)],
    ],
  }),
  caption: (_, report) =>
    report.about.adds_up
      ? intervals(report)
      : `${intervals(report)} Effects multiply in this model: what parts bring only together has a bar of its own.`,
  height: (data) => forestHeight(data.parts.length + 1),
});

const part2 = (x: number | null | undefined) => percent(x, 2);

function option(data: Waterfall, report: Report, look: Look): Option {
  const t = tokens(look);
  const bars = stepsOf(data, report, look);
  const { most, left, right } = margins(look, bars);
  return {
    ...frame(look),
    grid: [{ left, right, top: 26, bottom: 48 }],
    xAxis: [acrossValues(look, { name: kpiUnit(report) })],
    yAxis: [
      downNames(
        look,
        bars.map((bar) => short(bar.name, most)),
      ),
    ],
    series: [
      steps(bars, look, right > 16),
      {
        type: "line",
        data: [],
        markLine: known(data.observed) ? rules([rule(data.observed, "observed", look, t.ink, "start")]) : { data: [] },
      },
    ],
  };
}

function stepsOf(data: Waterfall, report: Report, look: Look): Step[] {
  let at = 0;
  const parts = data.parts.map((part) => {
    const from = at;
    at += part.contribution.mean;
    const [contribution, share] = [quiet(part.contribution, data.fitted.mean), quiet(part.share, 1)];
    return stepOf(part.name, from, contribution, share, partColour(part, data.parts, report, look));
  });
  return [...parts, stepOf("Fitted", 0, data.fitted, null, tokens(look).ink)];
}

/** What is nothing but rounding against the whole is nothing. */
function quiet(estimate: Estimate, whole: number): Estimate {
  const least = 1e-9 * Math.abs(whole);
  const still = (x: number) => (known(x) && Math.abs(x) < least ? 0 : x);
  const { mean, median, lower, upper } = estimate;
  return { mean: still(mean), median: still(median), lower: still(lower), upper: still(upper) };
}

function stepOf(name: string, from: number, estimate: Estimate, share: Estimate | null, colour: string): Step {
  const absolute = `${figure(estimate.mean)} (${range(estimate.lower, estimate.upper)})`;
  const relative = share ? `${percent(share.mean, 2)} (${range(share.lower, share.upper, part2)})` : "";
  return {
    name,
    from,
    to: from + estimate.mean,
    lower: from + estimate.lower,
    upper: from + estimate.upper,
    colour,
    text: share ? relative : absolute,
    remark: share ? absolute : "",
    tip: [name, absolute, relative].filter(Boolean).join("\n"),
  };
}
