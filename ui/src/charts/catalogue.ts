// Every chart there is, in the order of a report.
import { accuracy } from "./accuracy";
import { actualVsFitted } from "./actual-vs-fitted";
import { allocation } from "./allocation";
import { atOnceAndLater } from "./at-once-and-later";
import { backtest } from "./backtest";
import { beliefs } from "./beliefs";
import { calibration } from "./calibration";
import { carryOver } from "./carry-over";
import { convergence } from "./convergence";
import { correlation } from "./correlation";
import { costPerKpi } from "./cost-per-kpi";
import { curves } from "./curves";
import { forecast } from "./forecast";
import { frontier } from "./frontier";
import { gain } from "./gain";
import { geoSmallMultiples } from "./geo-small-multiples";
import { health } from "./health";
import type { Drawable } from "./kit/chart";
import { marginal } from "./marginal";
import { nextUnit } from "./next-unit";
import { overTime } from "./over-time";
import { parameters } from "./parameters";
import { plannedCurves } from "./planned-curves";
import { plans } from "./plans";
import { predictiveDensity } from "./predictive-density";
import { predictiveFigures } from "./predictive-figures";
import { priorPredictive } from "./prior-predictive";
import { ranks } from "./ranks";
import { residualChecks } from "./residual-checks";
import { residuals } from "./residuals";
import { returns } from "./returns";
import { saturation } from "./saturation";
import { share } from "./share";
import { spend } from "./spend";
import { spendAndEffect } from "./spend-and-effect";
import { spendCalendar } from "./spend-calendar";
import { stability } from "./stability";
import { traces } from "./traces";
import { waterfall } from "./waterfall";

export const catalogue: readonly Drawable[] = [
  health,
  returns,
  share,
  spendAndEffect,
  costPerKpi,
  nextUnit,
  curves,
  marginal,
  saturation,
  carryOver,
  atOnceAndLater,
  allocation,
  gain,
  plannedCurves,
  plans,
  frontier,
  forecast,
  waterfall,
  overTime,
  actualVsFitted,
  geoSmallMultiples,
  accuracy,
  backtest,
  stability,
  residuals,
  residualChecks,
  calibration,
  predictiveDensity,
  predictiveFigures,
  priorPredictive,
  beliefs,
  convergence,
  ranks,
  traces,
  parameters,
  spend,
  spendCalendar,
  correlation,
];

export function chartNamed(name: string): Drawable {
  const found = catalogue.find((chart) => chart.name === name);
  if (!found)
    throw new Error(`no chart is called “${name}”; there are: ${catalogue.map((chart) => chart.name).join(", ")}`);
  return found;
}
