// Plans of a made-up report, and what its KPI is made of.
import type { Exhibits, Grain, PartKind } from "../../api/report";
import type { Market } from "./market";
import { band, estimate, upTo, weeks, wobble } from "./shapes";

export function money(market: Market): Exhibits {
  const parts = partsOf(market);
  return {
    ...(market.hasSpend ? plans(market) : { plan: null, plans: null, frontier: null, forecast: null }),
    waterfall: {
      parts: parts.map(({ name, kind, size }) => ({
        name,
        kind,
        contribution: estimate(31_700_000 * size, 0.2),
        share: estimate(size, 0.2),
      })),
      fitted: estimate(31_600_000, 0.01),
      observed: 31_700_000,
    },
    over_time: {
      grains: [
        grain("week", weeks(market.weeks - market.holdout), parts),
        grain(
          "month",
          upTo(24).map((k) => `${2023 + Math.floor(k / 12)}-${String((k % 12) + 1).padStart(2, "0")}-01`),
          parts,
        ),
        grain("quarter", ["2023-01-01", "2023-04-01", "2023-07-01", "2023-10-01", "2024-01-01", "2024-04-01"], parts),
      ],
    },
  };
}

type Part = { name: string; kind: PartKind; size: number };

function partsOf(market: Market): Part[] {
  return [
    { name: "baseline", kind: "baseline", size: 0.78 },
    ...market.controls.map((name, k): Part => ({ name, kind: "control", size: k % 2 ? 0.02 : -0.03 })),
    ...market.channels.map((name, k): Part => ({ name, kind: "channel", size: 0.08 / (k + 1) })),
    ...(market.addsUp ? [] : [{ name: "together", kind: "joint", size: 0.03 } as const]),
  ];
}

function grain(name: string, dates: string[], parts: Part[]): Grain {
  return {
    name,
    dates,
    is_partial: dates.map((_, k) => k === 0 || k === dates.length - 1),
    parts: parts.map(({ name, kind, size }, i) => ({
      name,
      kind,
      contribution: band(dates.map((_, t) => size * 300_000 * (1 + 0.3 * Math.sin(t / 6 + i) + 0.1 * wobble(t, i)))),
    })),
    kpi: dates.map((_, t) => (t === 5 ? null : 300_000 * (1 + 0.2 * Math.sin(t / 6)))),
  };
}

function plans(market: Market): Exhibits {
  const moves = market.channels.map((name, k) => {
    const today = 900_000 / (k + 1);
    const change = 0.3 - 0.2 * k;
    return {
      name,
      channel: name,
      today,
      planned: today * (1 + change),
      change,
      least: today * 0.5,
      most: today * 1.3,
      binding: k === 0 ? ("upper" as const) : null,
      gain: estimate(120_000 * change, 0.4),
      outcome: estimate(today * 1.9, 0.2),
      marginal: estimate(1.1, 0.2),
    };
  });
  return {
    plan: {
      name: "proposed",
      is_proposed: true,
      periods: 13,
      in_money: market.returnsInMoney,
      budget: 2_050_000,
      budget_today: 2_050_000,
      outcome: estimate(3_900_000, 0.14),
      outcome_today: estimate(3_700_000, 0.14),
      gain: { mean: 205_000, median: 204_000, lower: 34_000, upper: 391_000 },
      relative_gain: estimate(0.055, 0.6),
      p_better: 0.976,
      gain_at_least: 81_000,
      proven_within: 0.0001,
      moves,
      findings: [],
    },
    plans: {
      plans: ["today", "proposed", "half of TV"].map((name, k) => ({
        name,
        budget: 2_050_000 - k * 100_000,
        outcome: estimate(3_700_000 + 120_000 * k * (2 - k), 0.14),
        outcome_at_least: 3_300_000,
        roas: estimate(1.8, 0.14),
        gain: k ? estimate(k === 1 ? 205_000 : -90_000, 0.6) : null,
        p_better: k ? (k === 1 ? 0.976 : 0.08) : null,
        p_best: k === 1 ? 0.96 : 0.02,
        spend: moves.map((move) => (k === 1 ? move.planned : move.today)),
      })),
      cells: market.channels,
      in_money: market.returnsInMoney,
    },
    forecast: forecast(market),
    frontier: {
      budget: upTo(12).map((k) => 400_000 * k + 200_000),
      outcome: band(
        upTo(12).map((k) => 5_600_000 * (1 - Math.exp(-(k + 0.5) / 4.4))),
        0.15,
      ),
      marginal: band(
        upTo(12).map((k) => 3.1 * Math.exp(-(k + 0.5) / 4.4)),
        0.2,
      ),
      spend: upTo(12).map((k) => market.channels.map((_, i) => (400_000 * k + 200_000) / (i + 1))),
      channels: market.channels,
      today: 2_050_000,
      outcome_today: estimate(3_700_000, 0.14),
      break_even: 2_310_000,
      in_money: market.returnsInMoney,
      periods: 13,
    },
  };
}

function forecast(market: Market): Exhibits["forecast"] {
  const dates = weeks(market.weeks + 13);
  const foreseen = (name: string, size: number) => ({
    name,
    mean: band(
      upTo(13).map((k) => size * (1 + 0.1 * Math.sin(k / 3))),
      0.03,
    ),
    predictive: band(
      upTo(13).map((k) => size * (1 + 0.1 * Math.sin(k / 3))),
      0.1,
    ),
    total: estimate(13 * size, 0.03),
  });
  return {
    past_dates: dates.slice(Math.max(0, market.weeks - 52), market.weeks),
    past: upTo(Math.min(52, market.weeks)).map((k) => (k === 4 ? null : 300_000 + 20_000 * wobble(k))),
    dates: dates.slice(market.weeks),
    plan: foreseen("proposed", 320_000),
    today: foreseen("today", 300_000),
    gain: estimate(205_000, 0.6),
    assumptions: [
      { kind: "as_a_year_before", names: market.controls },
      { kind: "baseline_goes_on", names: [] },
      { kind: "spent_evenly", names: [] },
    ],
  };
}
