// What a made-up model foresaw: a backtest, and what its prior held possible.
import type { Exhibits } from "../../api/report";
import type { Market } from "./market";
import { band, estimate, upTo, weeks, wobble } from "./shapes";

export function foresight(market: Market): Exhibits {
  const dates = weeks(market.weeks);
  const kpi = dates.map((_, k) => (k === 9 ? null : 300_000 + 20_000 * wobble(k)));
  const level = dates.map(() => 300_000);
  return {
    foresight: {
      horizon: 8,
      folds: [2, 1].map((back, k) => {
        const from = market.weeks - 8 * back;
        return {
          number: k + 1,
          learned_to: dates[from - 1] ?? "",
          dates: dates.slice(from, from + 8),
          kpi: kpi.slice(from, from + 8),
          predictive: band(level.slice(from, from + 8), 0.1),
          converged: k > 0,
          cells: 8,
          inside: 7,
          mape: 4.2,
          skill: k ? 0.4 : null,
        };
      }),
      cells: 16,
      inside: 15,
      mape: 4.1,
      skill: 0.42,
      compared_from: dates[0] ?? "",
      compared_to: dates[market.weeks - 17] ?? "",
      stability: market.channels.map((channel, k) => ({
        channel,
        figure: (["roas", "decay", "half_life", "effectiveness"] as const)[k % 4] ?? "roas",
        by_fold: upTo(2).map((fold) => ({ fold: fold + 1, value: estimate(1.2 + 0.3 * fold * k, 0.3) })),
        largest_move: 0.3 * k,
        outside: k === 2,
      })),
    },
    prior_belief: {
      dates,
      kpi,
      predictive: band(level, 0.8),
      half: band(level, 0.3),
      media_share: estimate(0.3, 0.8),
      findings: [
        { weight: "attention", code: "prior.media", place: "", message: "media may bring more than all", hint: null },
      ],
    },
  };
}
