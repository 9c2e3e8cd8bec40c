// Exhibits of fit and sampling of a made-up report.
import type { Exhibits } from "../../api/report";
import type { Market } from "./market";
import { band, bars, bell, estimate, upTo, weeks, wobble } from "./shapes";

export function analysis(market: Market): Exhibits {
  const dates = weeks(market.weeks);
  const mean = dates.map((_, k) => 300_000 + 60_000 * Math.sin(k / 8) + 20_000 * Math.sin(k / 3));
  const kpi = mean.map((y, k) => (k === 20 ? null : y + 12_000 * wobble(k)));
  const training = market.weeks - market.holdout;
  return {
    kpi_over_time: {
      dates,
      kpi,
      mean: band(mean, 0.03),
      predictive: band(mean, 0.08),
      baseline: band(
        mean.map((y) => y * 0.77),
        0.05,
      ),
      holdout_from: market.holdout ? training : null,
      events: [
        { name: "Black Friday", at: 46 },
        { name: "Easter", at: 13 },
      ],
      geos: market.geos.map((geo, g) => ({
        geo,
        kpi: kpi.map((y) => (y === null ? null : y / (g + 2))),
        mean: band(
          mean.map((y) => y / (g + 2)),
          0.05,
        ),
      })),
    },
    accuracy: {
      rows: (["training", "holdout"] as const).slice(0, market.holdout ? 2 : 1).map((window, k) => ({
        window,
        n: k ? market.holdout : training,
        r_squared: k ? 0.81 : 0.93,
        adjusted_r_squared: k ? null : 0.9,
        rmse: 9100 + 4000 * k,
        mae: 7100 + 3000 * k,
        mape: 2.4 + k,
        wmape: 2.3 + k,
        crps: 5100,
        coverage_50: 0.52 - 0.1 * k,
        coverage_80: 0.81,
        coverage_95: 0.96,
      })),
      bayesian_r_squared: estimate(0.92, 0.02),
      durbin_watson: 1.82,
    },
    left_over: leftOver(dates.slice(0, training), mean),
    calibration: {
      cells: training,
      pit: [9, 11, 10, 8, 12, 9, 10, 9, 10, 8],
      pit_fewest: 3,
      pit_most: 19,
      figures: (["mean", "sd", "min", "max", "lag1", "skewness", "outside95"] as const).map((figure, k) => ({
        figure,
        observed: k < 4 ? 300_000 + 20_000 * k : 0.2,
        predicted: estimate(k < 4 ? 300_000 + 18_000 * k : 0.21, 0.2),
        p: 0.4,
      })),
      density: upTo(12).map((k) => ({
        from: 200_000 + 20_000 * k,
        to: 220_000 + 20_000 * k,
        observed: 0.2 * Math.exp(-(((k - 5.5) / 3) ** 2)) + 0.01 * wobble(k),
        predicted: estimate(0.2 * Math.exp(-(((k - 5.5) / 3) ** 2)), 0.3),
      })),
    },
    beliefs: {
      parameters: [...market.channels.map((name, k) => belief(`decay[${name}]`, name, k)), belief("sigma", null, 1)],
      left_out: 4,
    },
    sampling: sampling(market),
  };
}

function leftOver(dates: string[], mean: number[]): NonNullable<Exhibits["left_over"]> {
  return {
    dates,
    residual: dates.map((_, k) => 12_000 * wobble(k) + (k > 30 && k < 38 ? 12_000 : 0)),
    fitted: mean.slice(0, dates.length),
    runs: dates.length > 40 ? [{ from: 31, to: 37, above: true }] : [],
    bars: bars(-24_000, 24_000, [2, 7, 14, 20, 21, 16, 11, 5]),
    normal: { ...bell(0, 10_000, -24_000, 24_000), y: bell(0, 10_000, -24_000, 24_000).y.map((y) => y * 96 * 6000) },
    quantiles: { x: upTo(40).map((k) => -2.2 + 0.113 * k), y: upTo(40).map((k) => -2.1 + 0.11 * k + 0.1 * wobble(k)) },
    autocorrelation: upTo(14).map((k) => 0.3 * 0.6 ** k * (k % 2 ? -1 : 1)),
    autocorrelation_bound: 0.2,
    durbin_watson: 1.82,
    ljung_box_p: 0.21,
    shapiro_wilk_p: 0.4,
    findings: [],
  };
}

function belief(name: string, channel: string | null, k: number) {
  const centre = 0.7 - 0.08 * k;
  return {
    name,
    channel,
    prior: bell(0.5, 0.24, 0, 1),
    posterior: bell(centre, 0.05 + 0.05 * k, 0, 1),
    before: estimate(0.5, 0.9),
    after: estimate(centre, 0.15 + 0.15 * k),
    contraction: 0.94 - 0.2 * k,
    follows_prior: k === 3,
  };
}

function sampling(market: Market): NonNullable<Exhibits["sampling"]> {
  const names = ["intercept", "sigma", ...market.channels.flatMap((name) => [`decay[${name}]`, `beta[${name}]`])];
  const table = names.map((name, k) => ({
    name,
    mean: 0.5 + 0.1 * k,
    sd: 0.1,
    lower: 0.3 + 0.1 * k,
    upper: 0.7 + 0.1 * k,
    r_hat: 1.001 + 0.0005 * k,
    ess_bulk: 2400 - 60 * k,
    ess_tail: 2200 - 50 * k,
    mcse_mean: 0.002,
  }));
  return {
    worst: [...table].reverse().slice(0, 10),
    r_hat: bars(1, 1.012, [14, 9, 5, 2, 1]),
    ess: bars(800, 2600, [1, 2, 4, 8, 10, 6]),
    r_hat_gate: 1.01,
    ess_gate: 400,
    divergences: 0,
    e_bfmi: [0.9, 0.94, 0.88, 0.97],
    leapfrogs_per_draw: 14.2,
    acceptance: 0.86,
    traces: names.slice(0, 4).map((name, p) => ({
      name,
      step: 4,
      draws: upTo(4).map((chain) => upTo(120).map((k) => 0.5 + 0.1 * wobble(k, chain + 4 * p))),
      ranks: upTo(4).map((chain) => upTo(20).map((k) => 50 + Math.round(9 * wobble(k, chain)))),
      divergent: upTo(4).map((chain) => (chain === 1 ? [17, 60] : [])),
    })),
    table,
  };
}
