// The shape of a report. Generated from report.schema.json by `npm run types`; not edited by hand.

/**
 * How much a finding matters.
 */
export type Weight = "info" | "attention" | "error";
/**
 * How a check came out.
 */
export type Mark = "ok" | "look" | "failed";
/**
 * What is checked.
 */
export type Check =
  | "complete"
  | "approximation"
  | "r_hat"
  | "ess_bulk"
  | "ess_tail"
  | "divergences"
  | "e_bfmi"
  | "r_squared"
  | "mape"
  | "coverage95"
  | "coverage80"
  | "coverage50"
  | "holdout_coverage95"
  | "serial_correlation"
  | "normality"
  | "collinearity"
  | "pareto_k"
  | "follows_prior"
  | "confounded";
/**
 * What a figure should be.
 */
export type Wanted =
  | {
      below: number;
    }
  | {
      at_most: number;
    }
  | {
      at_least: number;
    }
  | {
      /**
       * @minItems 2
       * @maxItems 2
       */
      between: [number, number];
    };
/**
 * What is known of the next unit of money on a channel.
 */
export type Advice = "scale" | "hold" | "trim" | "test";
/**
 * A limit that holds the plan back.
 */
export type Binding = "lower" | "upper" | "fixed";
/**
 * What a forecast takes to be so.
 */
export type AssumptionKind = "as_a_year_before" | "as_in_the_last_period" | "baseline_goes_on" | "spent_evenly";
/**
 * What a part is.
 */
export type PartKind = "baseline" | "control" | "channel" | "joint";
/**
 * A window that is looked at.
 */
export type AccuracyWindow = "training" | "holdout";
/**
 * A figure of a series.
 */
export type Figure = "mean" | "sd" | "min" | "max" | "lag1" | "skewness" | "outside95";
/**
 * Which figure of a channel.
 */
export type ChannelFigure = "roas" | "effectiveness" | "decay" | "half_life";

/**
 * A report: what it is about, and its exhibits.
 */
export interface Report {
  /**
   * What it is about.
   */
  about: About;
  /**
   * The exhibits asked for.
   */
  exhibits: Exhibits;
}
/**
 * What a report is about.
 */
export interface About {
  /**
   * Name of the KPI.
   */
  kpi: string;
  /**
   * Whether the KPI is money.
   */
  kpi_is_money: boolean;
  /**
   * Whether ROAS, ROI and marginal ROAS are money per money; else KPI units per money.
   */
  returns_in_money: boolean;
  /**
   * What one period is called: day, week, month.
   */
  period: string;
  /**
   * First day of the training window.
   */
  from: string;
  /**
   * First day of its last period.
   */
  to: string;
  /**
   * Periods that trained the model.
   */
  periods: number;
  /**
   * Periods held back.
   */
  holdout: number;
  /**
   * Geos; empty for national data.
   */
  geos: string[];
  /**
   * Channels in the order in which every exhibit has them and colours are given.
   */
  channels: Channel[];
  /**
   * Controls and treatments.
   */
  controls: string[];
  /**
   * Money spent in the training window.
   */
  spend: number;
  /**
   * KPI in the training window.
   */
  kpi_total: number;
  /**
   * Probability inside every interval, in (0, 1); all are equal-tailed.
   */
  level: number;
  /**
   * Whether contributions add up; they do not on the log link.
   */
  adds_up: boolean;
  /**
   * Where the data came from.
   */
  source: string;
  /**
   * Preset of the spec.
   */
  preset: string;
  /**
   * Engine that drew.
   */
  engine: string;
  /**
   * Chains.
   */
  chains: number;
  /**
   * Draws kept per chain.
   */
  draws: number;
  /**
   * Seed.
   */
  seed: number;
  /**
   * Number of free parameters.
   */
  parameters: number;
  /**
   * Version of the program.
   */
  version: string;
  /**
   * Whether its numbers may be used.
   */
  converged: boolean;
  /**
   * What the numbers are drawn from where it is not the posterior.
   */
  nature?: string | null;
  /**
   * Doubts of the fit.
   */
  warnings: Finding[];
  /**
   * The spec with everything said, as TOML.
   */
  spec: string;
}
/**
 * A channel.
 */
export interface Channel {
  /**
   * Name.
   */
  name: string;
  /**
   * Whether it is paid for.
   */
  is_paid: boolean;
}
/**
 * Something to know, and what to do about it.
 */
export interface Finding {
  /**
   * How much it matters.
   */
  weight: Weight;
  /**
   * Stable code.
   */
  code: string;
  /**
   * Where it is, in words; empty where it is about the whole.
   */
  place: string;
  /**
   * What is the matter, in one sentence.
   */
  message: string;
  /**
   * What to do.
   */
  hint?: string | null;
}
/**
 * One place per exhibit; those not asked for, or without a subject in this fit, are missing.
 */
export interface Exhibits {
  /**
   * Are the numbers to be trusted?
   */
  health?: Health | null;
  /**
   * What did each channel earn?
   */
  channels?: Channels | null;
  /**
   * What should be moved?
   */
  plan?: PlanOutlook | null;
  /**
   * How do plans compare?
   */
  plans?: PlanTable | null;
  /**
   * What would other budgets bring?
   */
  frontier?: Frontier | null;
  /**
   * What comes next?
   */
  forecast?: ForecastOutlook | null;
  /**
   * What is the KPI made of?
   */
  waterfall?: Waterfall | null;
  /**
   * What was it made of, when?
   */
  over_time?: OverTime | null;
  /**
   * What would other levels of spend bring?
   */
  response?: Response | null;
  /**
   * How long does an effect last?
   */
  carry_over?: CarryOver | null;
  /**
   * How far is a channel saturated?
   */
  saturation?: Saturation | null;
  /**
   * Does the model follow the KPI?
   */
  kpi_over_time?: KpiOverTime | null;
  /**
   * How closely?
   */
  accuracy?: AccuracyTable | null;
  /**
   * What is left over?
   */
  left_over?: LeftOver | null;
  /**
   * Are intervals as wide as they should be?
   */
  calibration?: Calibration | null;
  /**
   * Would it have foreseen what came?
   */
  foresight?: Foresight | null;
  /**
   * What was held possible before the data?
   */
  prior_belief?: PriorBelief | null;
  /**
   * What did the data add to what was believed?
   */
  beliefs?: Beliefs | null;
  /**
   * Did the chains agree?
   */
  sampling?: Sampling | null;
  /**
   * What went in?
   */
  inputs?: Inputs | null;
}
/**
 * All checks.
 */
export interface Health {
  /**
   * The worst mark of all.
   */
  worst: Mark;
  /**
   * In the order in which they matter.
   */
  checks: CheckRow[];
}
/**
 * One check.
 */
export interface CheckRow {
  /**
   * What is checked.
   */
  check: Check;
  /**
   * How it came out.
   */
  mark: Mark;
  /**
   * The figure.
   */
  figure?: number | null;
  /**
   * What it should be.
   */
  wanted: Wanted;
  /**
   * Whose figure it is, or who are concerned.
   */
  whose: string[];
  /**
   * What to try; empty where nothing needs to be.
   */
  advice: string;
}
/**
 * All channels over the training window.
 */
export interface Channels {
  /**
   * In the order of [`super::about::About::channels`].
   */
  rows: ChannelRow[];
  /**
   * All media together: what they brought, KPI units.
   */
  contribution: Estimate;
  /**
   * All media together, per fitted mean.
   */
  share: Estimate;
  /**
   * All paid media together, per money spent; nothing without spend.
   */
  roas?: Estimate | null;
  /**
   * Pairs of channels that the data cannot tell apart.
   */
  confounded: ConfoundedPair[];
}
/**
 * One channel.
 */
export interface ChannelRow {
  /**
   * Name.
   */
  name: string;
  /**
   * Money spent.
   */
  spend?: number | null;
  /**
   * Its share of all spend.
   */
  spend_share?: number | null;
  /**
   * What it brought, KPI units.
   */
  contribution: Estimate;
  /**
   * The same in money, where the KPI is a count with a value.
   */
  contribution_money?: Estimate | null;
  /**
   * Per fitted mean.
   */
  share: Estimate;
  /**
   * Per contribution of all media; nothing where these bring nothing.
   */
  effect_share?: Estimate | null;
  /**
   * Contribution per money.
   */
  roas?: Estimate | null;
  /**
   * The same as the prior had it.
   */
  roas_prior?: Estimate | null;
  /**
   * What the last per cent of spend brought, per money.
   */
  mroas?: Estimate | null;
  /**
   * Contribution less spend, per money.
   */
  roi?: Estimate | null;
  /**
   * Spend per incremental unit of KPI; nothing where the contribution may be nothing.
   */
  cpik?: Estimate | null;
  /**
   * Probability that it brought more than it cost; where returns are money.
   */
  p_pays?: number | null;
  /**
   * Probability that the next unit of money brings more than one.
   */
  p_next_pays?: number | null;
  /**
   * What that says of the next budget.
   */
  advice?: Advice | null;
  /**
   * How far the data narrowed the prior of its contribution, 0 … 1.
   */
  contraction?: number | null;
  /**
   * Whether prior and posterior are nearly the same.
   */
  follows_prior: boolean;
  /**
   * Whether the interval of its contribution reaches beyond half of the mean on either side.
   */
  is_vague: boolean;
}
/**
 * A number with its equal-tailed interval; its level is said once, in [`super::about::About::level`].
 */
export interface Estimate {
  /**
   * Mean.
   */
  mean: number;
  /**
   * Median.
   */
  median: number;
  /**
   * Lower end.
   */
  lower: number;
  /**
   * Upper end.
   */
  upper: number;
}
/**
 * Two channels of which mainly the sum is known.
 */
export interface ConfoundedPair {
  /**
   * One.
   */
  one: string;
  /**
   * The other.
   */
  other: string;
  /**
   * Posterior correlation of their contributions.
   */
  correlation: number;
}
/**
 * A plan against today's.
 */
export interface PlanOutlook {
  /**
   * Its name.
   */
  name: string;
  /**
   * Whether it was found by `mmm` for the report, with its usual bounds; else it was given.
   */
  is_proposed: boolean;
  /**
   * Periods it covers.
   */
  periods: number;
  /**
   * Whether outcomes are money; else KPI units.
   */
  in_money: boolean;
  /**
   * All its money over the horizon.
   */
  budget: number;
  /**
   * Today's money over the same time.
   */
  budget_today: number;
  /**
   * Incremental outcome over the horizon.
   */
  outcome: Estimate;
  /**
   * Today's.
   */
  outcome_today: Estimate;
  /**
   * Outcome less today's.
   */
  gain: Estimate;
  /**
   * Per today's; nothing where today brings nothing.
   */
  relative_gain?: Estimate | null;
  /**
   * Probability that it brings more than today's.
   */
  p_better: number;
  /**
   * The gain that it reaches with probability 0.9.
   */
  gain_at_least: number;
  /**
   * How far any other plan within the bounds could be better at most, as a share; where it was proven.
   */
  proven_within?: number | null;
  /**
   * Channel by channel.
   */
  moves: PlanMove[];
  /**
   * What to know before acting.
   */
  findings: Finding[];
}
/**
 * What a plan does with one channel, or a channel in a geo.
 */
export interface PlanMove {
  /**
   * Shown name: the channel, or `geo/channel`.
   */
  name: string;
  /**
   * Channel.
   */
  channel: string;
  /**
   * Money today over the horizon.
   */
  today: number;
  /**
   * Money planned over the horizon.
   */
  planned: number;
  /**
   * Planned over today's, less one; nothing where nothing is spent today.
   */
  change?: number | null;
  /**
   * Least allowed, where bounds are known.
   */
  least?: number | null;
  /**
   * Most allowed.
   */
  most?: number | null;
  /**
   * Which of them binds.
   */
  binding?: Binding | null;
  /**
   * What the change of this channel alone brings.
   */
  gain: Estimate;
  /**
   * What the planned money brings.
   */
  outcome: Estimate;
  /**
   * What one more unit of money would bring at the planned spend.
   */
  marginal: Estimate;
}
/**
 * Plans side by side on the same draws.
 */
export interface PlanTable {
  /**
   * Today's first.
   */
  plans: PlanRow[];
  /**
   * Names of what gets money, in the order of `PlanRow::spend`.
   */
  cells: string[];
  /**
   * Whether outcomes are money; else KPI units.
   */
  in_money: boolean;
}
/**
 * One plan.
 */
export interface PlanRow {
  /**
   * Name.
   */
  name: string;
  /**
   * All its money.
   */
  budget: number;
  /**
   * Incremental outcome.
   */
  outcome: Estimate;
  /**
   * Outcome that it reaches with probability 0.9.
   */
  outcome_at_least: number;
  /**
   * Outcome per money.
   */
  roas?: Estimate | null;
  /**
   * Outcome less today's; nothing for today's itself.
   */
  gain?: Estimate | null;
  /**
   * Probability that it brings more than today's.
   */
  p_better?: number | null;
  /**
   * Probability that none of these brings more.
   */
  p_best: number;
  /**
   * Money, in the order of `PlanTable::cells`.
   */
  spend: number[];
}
/**
 * The best outcome for every budget, with bounds that move with it.
 */
export interface Frontier {
  /**
   * Budgets over the horizon, ascending.
   */
  budget: number[];
  /**
   * What the best plan of each brings.
   */
  outcome: Band;
  /**
   * What the last unit of money brings there.
   */
  marginal: Band;
  /**
   * Money by channel, `[budget][channel]`.
   */
  spend: number[][];
  /**
   * Channels.
   */
  channels: string[];
  /**
   * Today's budget.
   */
  today: number;
  /**
   * What today's plan brings.
   */
  outcome_today: Estimate;
  /**
   * Budget behind which the last unit of money brings less than one.
   */
  break_even?: number | null;
  /**
   * Whether outcomes are money.
   */
  in_money: boolean;
  /**
   * Periods that budgets are for.
   */
  periods: number;
}
/**
 * Estimates along an axis, column by column.
 */
export interface Band {
  /**
   * Means.
   */
  mean: number[];
  /**
   * Lower ends.
   */
  lower: number[];
  /**
   * Upper ends.
   */
  upper: number[];
}
/**
 * The KPI of the next periods, summed over geos.
 */
export interface ForecastOutlook {
  /**
   * First days of the last year of the data.
   */
  past_dates: string[];
  /**
   * The KPI there.
   */
  past: (number | null)[];
  /**
   * First days of the periods foreseen.
   */
  dates: string[];
  /**
   * Under the plan, whose money is spent evenly.
   */
  plan: Foreseen;
  /**
   * Under today's money, spent evenly.
   */
  today: Foreseen;
  /**
   * KPI under the plan less that under today's money, over the periods foreseen.
   */
  gain: Estimate;
  /**
   * What was taken to be so.
   */
  assumptions: Assumption[];
}
/**
 * The KPI under one plan.
 */
export interface Foreseen {
  /**
   * Name of the plan.
   */
  name: string;
  /**
   * Expected.
   */
  mean: Band;
  /**
   * A new observation.
   */
  predictive: Band;
  /**
   * Expected in all periods together.
   */
  total: Estimate;
}
/**
 * Something that a forecast takes to be so.
 */
export interface Assumption {
  /**
   * What.
   */
  kind: AssumptionKind;
  /**
   * Series concerned.
   */
  names: string[];
}
/**
 * Total contributions over the training window, in KPI units.
 */
export interface Waterfall {
  /**
   * Parts in order: baseline, controls, channels.
   */
  parts: PartTotal[];
  /**
   * The fitted mean, which the parts add up to.
   */
  fitted: Estimate;
  /**
   * The KPI.
   */
  observed: number;
}
/**
 * What one part brought.
 */
export interface PartTotal {
  /**
   * Name.
   */
  name: string;
  /**
   * What it is.
   */
  kind: PartKind;
  /**
   * In KPI units.
   */
  contribution: Estimate;
  /**
   * Per fitted mean.
   */
  share: Estimate;
}
/**
 * Contributions over time at several grains, each summed draw by draw before it is summarised.
 */
export interface OverTime {
  /**
   * From the periods of the data to quarters and years, as far as the data reach.
   */
  grains: Grain[];
}
/**
 * Contributions at one grain.
 */
export interface Grain {
  /**
   * day, week, month, quarter, year.
   */
  name: string;
  /**
   * First days; a period counts where it begins.
   */
  dates: string[];
  /**
   * Whether the first and the last are cut short by the data.
   */
  is_partial: boolean[];
  /**
   * Parts in order.
   */
  parts: PartOverTime[];
  /**
   * The KPI.
   */
  kpi: (number | null)[];
}
/**
 * One part over time.
 */
export interface PartOverTime {
  /**
   * Name.
   */
  name: string;
  /**
   * What it is.
   */
  kind: PartKind;
  /**
   * In KPI units.
   */
  contribution: Band;
}
/**
 * Steady-state curves: the same money in every period, carry-over at its limit.
 */
export interface Response {
  /**
   * Whether outcomes are money; else KPI units.
   */
  in_money: boolean;
  /**
   * One per paid channel.
   */
  curves: Curve[];
}
/**
 * The curve of one channel, per period.
 */
export interface Curve {
  /**
   * Channel.
   */
  name: string;
  /**
   * Money per period today.
   */
  current: number;
  /**
   * The highest spend of one period that the data have seen; the curve beyond is the model's word alone.
   */
  highest?: number | null;
  /**
   * Money per period, ascending from nothing.
   */
  spend: number[];
  /**
   * What it brings per period.
   */
  outcome: Band;
  /**
   * What one more unit of money would bring.
   */
  marginal: Band;
  /**
   * Money per period of the training window, ascending: where the data lie.
   */
  history: number[];
  /**
   * Where the next unit of money brings exactly one; where outcomes are money.
   */
  break_even?: BreakEven | null;
}
/**
 * The spend at which one more unit of money brings one.
 *
 * A draw whose curve does not come down to one in the range drawn has its break-even beyond it: a quantile that falls
 * there is missing.
 */
export interface BreakEven {
  /**
   * Median.
   */
  median?: number | null;
  /**
   * Lower end.
   */
  lower?: number | null;
  /**
   * Upper end.
   */
  upper?: number | null;
  /**
   * Probability that today's spend is below it.
   */
  p_above_current: number;
}
/**
 * Carry-over of all channels.
 */
export interface CarryOver {
  /**
   * One per channel.
   */
  channels: CarryOverOf[];
}
/**
 * Carry-over of one channel; means over geos.
 */
export interface CarryOverOf {
  /**
   * Channel.
   */
  name: string;
  /**
   * Share of the effect of one unit of exposure that is felt after 0, 1, 2, … periods.
   */
  felt: Band;
  /**
   * The same as the prior has it.
   */
  felt_prior: Band;
  /**
   * Periods from the peak until half of the effect is left.
   */
  half_life: Estimate;
  /**
   * Periods from the peak until 5 % are left.
   */
  time_to_5_percent: Estimate;
  /**
   * Periods from the exposure to the strongest effect.
   */
  peak_lag: Estimate;
  /**
   * Share of the contribution felt in the period of the exposure.
   */
  immediate: Estimate;
  /**
   * Contribution felt in the period of the exposure, KPI units.
   */
  at_once: Estimate;
  /**
   * Contribution felt later, KPI units.
   */
  later: Estimate;
}
/**
 * Saturation of the channels whose curve has a ceiling.
 */
export interface Saturation {
  /**
   * One per such channel.
   */
  channels: SaturationOf[];
}
/**
 * Saturation of one channel: constant exposure against the share of its ceiling; national channels by geo means.
 */
export interface SaturationOf {
  /**
   * Channel.
   */
  name: string;
  /**
   * Whether `exposure` is money; else impressions, clicks, points.
   */
  in_money: boolean;
  /**
   * Exposure per period, ascending from nothing, all geos together.
   */
  exposure: number[];
  /**
   * Share of the ceiling reached, 0 … 1.
   */
  reached: Band;
  /**
   * Exposure at half saturation.
   */
  ec50: Estimate;
  /**
   * Share of periods in which the channel was beyond half saturation.
   */
  beyond_half: Estimate;
  /**
   * Periods of the training window by their exposure.
   */
  history: Bar[];
}
/**
 * A bar of a histogram.
 */
export interface Bar {
  /**
   * Lower end.
   */
  from: number;
  /**
   * Upper end.
   */
  to: number;
  /**
   * How many lie inside; the upper end belongs to the last bar alone.
   */
  count: number;
}
/**
 * The KPI beside its fitted mean, summed over geos.
 */
export interface KpiOverTime {
  /**
   * First days of the periods, held-out ones included.
   */
  dates: string[];
  /**
   * The KPI; nothing where a geo's is missing.
   */
  kpi: (number | null)[];
  /**
   * The fitted mean.
   */
  mean: Band;
  /**
   * A new observation.
   */
  predictive: Band;
  /**
   * The mean without any media.
   */
  baseline: Band;
  /**
   * Index of the first held-out period.
   */
  holdout_from?: number | null;
  /**
   * Events by the period in which they fall.
   */
  events: Event[];
  /**
   * The same geo by geo; empty for national data.
   */
  geos: GeoOverTime[];
}
/**
 * An event in a period.
 */
export interface Event {
  /**
   * Name.
   */
  name: string;
  /**
   * Index of its period.
   */
  at: number;
}
/**
 * One geo's KPI beside its fitted mean.
 */
export interface GeoOverTime {
  /**
   * Geo.
   */
  geo: string;
  /**
   * The KPI; nothing where it is missing.
   */
  kpi: (number | null)[];
  /**
   * The fitted mean.
   */
  mean: Band;
}
/**
 * Figures of fit.
 */
export interface AccuracyTable {
  /**
   * Training, then holdout where there is one.
   */
  rows: AccuracyRow[];
  /**
   * Share of variance that the mean explains, by draw.
   */
  bayesian_r_squared: Estimate;
  /**
   * 2 without serial correlation.
   */
  durbin_watson: number;
}
/**
 * Figures of one window.
 */
export interface AccuracyRow {
  /**
   * Which.
   */
  window: AccuracyWindow;
  /**
   * Cells looked at.
   */
  n: number;
  /**
   * `1 − SSE/SST`.
   */
  r_squared?: number | null;
  /**
   * Corrected for free parameters.
   */
  adjusted_r_squared?: number | null;
  /**
   * Root mean squared error, KPI units.
   */
  rmse: number;
  /**
   * Mean absolute error, KPI units.
   */
  mae: number;
  /**
   * Mean absolute percentage error, per cent.
   */
  mape?: number | null;
  /**
   * Absolute error per KPI, per cent.
   */
  wmape?: number | null;
  /**
   * Continuous ranked probability score, KPI units.
   */
  crps: number;
  /**
   * Share of cells in their 50 % predictive interval.
   */
  coverage_50: number;
  /**
   * The same of 80 %.
   */
  coverage_80: number;
  /**
   * The same of 95 %.
   */
  coverage_95: number;
}
/**
 * Residuals by period, summed over geos, in KPI units.
 */
export interface LeftOver {
  /**
   * First days of the training periods in which every geo was observed.
   */
  dates: string[];
  /**
   * KPI less posterior mean.
   */
  residual: number[];
  /**
   * Posterior mean.
   */
  fitted: number[];
  /**
   * Runs of six or more of one sign: what the model missed for a while.
   */
  runs: Run[];
  /**
   * Histogram.
   */
  bars: Bar[];
  /**
   * Normal density of the same mean and spread, times count and bar width.
   */
  normal: Line;
  /**
   * Quantiles of the standard normal against standardized residuals, ascending.
   */
  quantiles: Line;
  /**
   * Autocorrelation at lags 1, 2, ….
   */
  autocorrelation: number[];
  /**
   * Of honest residuals one in twenty lies further from 0.
   */
  autocorrelation_bound: number;
  /**
   * 2 without serial correlation.
   */
  durbin_watson: number;
  /**
   * p of Ljung and Box.
   */
  ljung_box_p?: number | null;
  /**
   * p of Shapiro and Wilk.
   */
  shapiro_wilk_p?: number | null;
  /**
   * What an analyst would remark.
   */
  findings: Finding[];
}
/**
 * Periods whose residuals have one sign.
 */
export interface Run {
  /**
   * Index of the first.
   */
  from: number;
  /**
   * Index of the last.
   */
  to: number;
  /**
   * Whether the KPI was above the mean.
   */
  above: boolean;
}
/**
 * A line through points.
 */
export interface Line {
  /**
   * Across.
   */
  x: number[];
  /**
   * Up.
   */
  y: number[];
}
/**
 * The KPI among its predictive draws.
 */
export interface Calibration {
  /**
   * Cells looked at.
   */
  cells: number;
  /**
   * Cells by tenths of their probability integral transform; level where the draws are honest.
   */
  pit: number[];
  /**
   * Fewest that all tenths together keep to with probability 0.99.
   */
  pit_fewest: number;
  /**
   * Most.
   */
  pit_most: number;
  /**
   * Figures of the KPI beside those of predictive draws.
   */
  figures: FigureRow[];
  /**
   * The KPI by period in bars, beside predictive draws.
   */
  density: DensityBar[];
}
/**
 * One figure.
 */
export interface FigureRow {
  /**
   * Which.
   */
  figure: Figure;
  /**
   * Of the KPI.
   */
  observed: number;
  /**
   * Of predictive draws.
   */
  predicted: Estimate;
  /**
   * Two-sided.
   */
  p: number;
}
/**
 * A bar of the KPI's histogram.
 */
export interface DensityBar {
  /**
   * Lower end.
   */
  from: number;
  /**
   * Upper end.
   */
  to: number;
  /**
   * Share of the KPI inside.
   */
  observed: number;
  /**
   * Share of predictive draws inside.
   */
  predicted: Estimate;
}
/**
 * A rolling-origin backtest.
 */
export interface Foresight {
  /**
   * Periods that each fold predicted.
   */
  horizon: number;
  /**
   * Folds in the order of time.
   */
  folds: FoldRow[];
  /**
   * Cells of all converged folds with a known KPI.
   */
  cells: number;
  /**
   * Of these inside their predictive interval.
   */
  inside: number;
  /**
   * Mean absolute percentage error over them, per cent.
   */
  mape?: number | null;
  /**
   * 0 as good as the naive forecast (the same period a year before), 1 perfect.
   */
  skill?: number | null;
  /**
   * First day of the periods over which channels are compared.
   */
  compared_from: string;
  /**
   * First day of the last of these.
   */
  compared_to: string;
  /**
   * Figures of channels by fold.
   */
  stability: StabilityRow[];
}
/**
 * One fold.
 */
export interface FoldRow {
  /**
   * From 1.
   */
  number: number;
  /**
   * First day of the last period it learned from.
   */
  learned_to: string;
  /**
   * First days of the periods it predicted.
   */
  dates: string[];
  /**
   * What came.
   */
  kpi: (number | null)[];
  /**
   * What it foresaw, a new observation, summed over geos.
   */
  predictive: Band;
  /**
   * Whether its fit converged; if not it counts in no total.
   */
  converged: boolean;
  /**
   * Cells with a known KPI.
   */
  cells: number;
  /**
   * Of these inside.
   */
  inside: number;
  /**
   * Mean absolute percentage error, per cent.
   */
  mape?: number | null;
  /**
   * Skill against the naive forecast.
   */
  skill?: number | null;
}
/**
 * One figure of a channel over the folds.
 */
export interface StabilityRow {
  /**
   * Channel.
   */
  channel: string;
  /**
   * Figure.
   */
  figure: ChannelFigure;
  /**
   * By fold.
   */
  by_fold: FoldEstimate[];
  /**
   * Largest move of the mean from a fold to a later one, in posterior standard deviations.
   */
  largest_move: number;
  /**
   * Whether the mean of a later fold lies outside the interval of an earlier one.
   */
  outside: boolean;
}
/**
 * What one fold says.
 */
export interface FoldEstimate {
  /**
   * Number of the fold.
   */
  fold: number;
  /**
   * Its estimate.
   */
  value: Estimate;
}
/**
 * The KPI as the prior foresees it, summed over geos.
 */
export interface PriorBelief {
  /**
   * First days of the periods of the training window.
   */
  dates: string[];
  /**
   * The KPI.
   */
  kpi: (number | null)[];
  /**
   * A new observation, by the prior.
   */
  predictive: Band;
  /**
   * The same with half of the probability inside.
   */
  half: Band;
  /**
   * What all channels bring by the prior, per observed KPI.
   */
  media_share: Estimate;
  /**
   * Where the prior allows nonsense.
   */
  findings: Finding[];
}
/**
 * Prior and posterior of the public parameters of the media and of all that is not by geo.
 */
export interface Beliefs {
  /**
   * One per parameter.
   */
  parameters: Belief[];
  /**
   * Public parameters that are left out because there are too many of them.
   */
  left_out: number;
}
/**
 * One parameter.
 */
export interface Belief {
  /**
   * Label, e.g. `decay[tv]`.
   */
  name: string;
  /**
   * Channel it belongs to.
   */
  channel?: string | null;
  /**
   * Prior density over the range shown.
   */
  prior: Line;
  /**
   * Posterior density over the same range.
   */
  posterior: Line;
  /**
   * Prior median and interval.
   */
  before: Estimate;
  /**
   * Posterior mean, median and interval.
   */
  after: Estimate;
  /**
   * `1 − (width of the posterior / width of the prior)²` of the central halves, at most 1; negative when wider.
   */
  contraction: number;
  /**
   * Whether the data barely moved it.
   */
  follows_prior: boolean;
}
/**
 * Convergence of all parameters.
 */
export interface Sampling {
  /**
   * The parameters that converged worst, worst first; ten at most.
   */
  worst: ParameterRow[];
  /**
   * Parameters by R-hat.
   */
  r_hat: Bar[];
  /**
   * Parameters by the smaller of their effective sample sizes.
   */
  ess: Bar[];
  /**
   * What R-hat must stay below.
   */
  r_hat_gate: number;
  /**
   * What effective sample sizes must reach.
   */
  ess_gate: number;
  /**
   * Divergences after warm-up; nothing for engines without trajectories.
   */
  divergences?: number | null;
  /**
   * Energy Bayesian fraction of missing information, per chain.
   */
  e_bfmi: number[];
  /**
   * Gradient evaluations per draw.
   */
  leapfrogs_per_draw?: number | null;
  /**
   * Mean acceptance.
   */
  acceptance?: number | null;
  /**
   * Chains, draws and ranks of the parameters that converged worst.
   */
  traces: Trace[];
  /**
   * Every public parameter and derived quantity.
   */
  table: ParameterRow[];
}
/**
 * One row of the parameter table.
 */
export interface ParameterRow {
  /**
   * Label.
   */
  name: string;
  /**
   * Mean.
   */
  mean: number;
  /**
   * Standard deviation.
   */
  sd: number;
  /**
   * Lower end of the interval.
   */
  lower: number;
  /**
   * Upper end.
   */
  upper: number;
  /**
   * R-hat.
   */
  r_hat?: number | null;
  /**
   * Bulk effective sample size.
   */
  ess_bulk?: number | null;
  /**
   * Tail effective sample size.
   */
  ess_tail?: number | null;
  /**
   * Monte Carlo standard error of the mean.
   */
  mcse_mean?: number | null;
}
/**
 * The draws of one parameter.
 */
export interface Trace {
  /**
   * Label.
   */
  name: string;
  /**
   * Every so many draws are shown.
   */
  step: number;
  /**
   * Draws, `[chain][draw]`.
   */
  draws: number[][];
  /**
   * Counts of each chain's ranks among all draws, in twenty bars; level where chains agree.
   */
  ranks: number[][];
  /**
   * Indices of shown draws after which the trajectory diverged, `[chain]`.
   */
  divergent: number[][];
}
/**
 * The data.
 */
export interface Inputs {
  /**
   * First days of all periods, media history included.
   */
  dates: string[];
  /**
   * The KPI summed over geos.
   */
  kpi: (number | null)[];
  /**
   * Channels.
   */
  channels: InputOf[];
  /**
   * Controls and treatments, means over geos.
   */
  controls: ControlOf[];
  /**
   * How series hang together over the training cells.
   */
  correlation: CorrelationTable;
  /**
   * What a careful analyst would say about them.
   */
  findings: Finding[];
}
/**
 * One channel's input, summed over geos.
 */
export interface InputOf {
  /**
   * Channel.
   */
  name: string;
  /**
   * Spend; nothing where it is not paid for.
   */
  spend?: number[] | null;
  /**
   * Exposure, where it is not spend itself.
   */
  exposure?: number[] | null;
  /**
   * Share of the periods of the training window without exposure.
   */
  dark: number;
}
/**
 * One control.
 */
export interface ControlOf {
  /**
   * Name.
   */
  name: string;
  /**
   * By period.
   */
  values: number[];
}
/**
 * Pearson correlations, similar series side by side.
 */
export interface CorrelationTable {
  /**
   * Series in order; those that do not vary are left out.
   */
  names: string[];
  /**
   * `[series][series]`.
   */
  r: number[][];
  /**
   * Variance inflation of each; nothing where the others say it exactly.
   */
  variance_inflation: (number | null)[];
}
