// Which chart answers under which heading.
import type { Report } from "../api/report";
import { chartNamed } from "../charts/catalogue";
import type { Drawable } from "../charts/kit/chart";

export interface Chapter {
  id: string;
  title: string;
  lead: string;
  charts: Drawable[];
}

const named = (...names: string[]): Drawable[] => names.map(chartNamed);

/** For who decides. */
export const questions: Chapter[] = [
  {
    id: "earned",
    title: "What did it earn?",
    lead: "What each channel brought, against what it cost.",
    charts: named("returns", "share", "spend-and-effect", "cost-per-kpi"),
  },
  {
    id: "more",
    title: "What would more bring?",
    lead: "The next unit of money counts for the next budget, not the average of the last one.",
    charts: named("next-unit", "curves", "marginal", "saturation"),
  },
  {
    id: "lasts",
    title: "How long does it last?",
    lead: "Advertising works on after it has stopped. What comes later is easily overlooked.",
    charts: named("carry-over", "at-once-and-later"),
  },
  {
    id: "move",
    title: "What to move",
    lead: "A plan within its bounds, what it gains, and how sure that is.",
    charts: named("allocation", "gain", "planned-curves", "plans", "frontier", "forecast"),
  },
  {
    id: "made-of",
    title: "Part by part",
    lead: "The whole, part by part: what would be there anyway, and what was added.",
    charts: named("waterfall", "over-time"),
  },
];

/** For who checks. */
export const checks: Chapter[] = [
  {
    id: "fit",
    title: "Does the model follow reality?",
    lead: "In the periods that trained it, and in those it has not seen.",
    charts: named("health", "actual-vs-fitted", "geo-small-multiples", "accuracy", "backtest", "stability"),
  },
  {
    id: "left-over",
    title: "What does it leave over?",
    lead: "What is left should be noise: without pattern, memory or growth.",
    charts: named("residuals", "residual-checks"),
  },
  {
    id: "honest",
    title: "Are its intervals honest?",
    lead: "An interval is a promise, and promises can be counted.",
    charts: named("calibration", "predictive-density", "predictive-figures"),
  },
  {
    id: "believed",
    title: "What was believed, what was learned?",
    lead: "Where the data say little, the answer is what went in.",
    charts: named("prior-predictive", "beliefs", "parameters"),
  },
  {
    id: "drawn",
    title: "Was the posterior drawn well?",
    lead: "Chains that started apart must come to the same.",
    charts: named("convergence", "ranks", "traces"),
  },
];

export const inputs: Chapter = {
  id: "data",
  title: "The data",
  lead: "The model knows nothing but these series and what was believed before.",
  charts: named("spend", "spend-calendar", "correlation"),
};

/** Charts that have something to say in this report, and the others with the reason. */
export function sorted(chapter: Chapter, report: Report) {
  // Where the KPI is money, the cost of one more is the return upside down.
  const wanted = chapter.charts.filter((chart) => chart.name !== "cost-per-kpi" || !report.about.returns_in_money);
  const drawn = wanted.filter((chart) => chart.missing(report) === null);
  const absent = wanted.flatMap((chart) => {
    const reason = chart.missing(report);
    return reason === null ? [] : [{ chart, reason }];
  });
  return { drawn, absent };
}
