// What a made-up report is about.
import type { About } from "../../api/report";

export interface Market {
  channels: string[];
  controls: string[];
  geos: string[];
  weeks: number;
  holdout: number;
  /** Whether anything is paid for. */
  hasSpend: boolean;
  returnsInMoney: boolean;
  addsUp: boolean;
  converged: boolean;
}

export const usualMarket: Market = {
  channels: ["TV", "Search", "Social", "Radio", "Display"],
  controls: ["price", "competitor"],
  geos: [],
  weeks: 104,
  holdout: 8,
  hasSpend: true,
  returnsInMoney: true,
  addsUp: true,
  converged: true,
};

export function about(market: Market): About {
  return {
    kpi: market.returnsInMoney ? "revenue" : "orders",
    kpi_is_money: market.returnsInMoney,
    returns_in_money: market.returnsInMoney,
    period: "week",
    from: "2023-01-02",
    to: "2024-10-28",
    periods: market.weeks - market.holdout,
    holdout: market.holdout,
    geos: market.geos,
    channels: market.channels.map((name) => ({ name, is_paid: market.hasSpend })),
    controls: market.controls,
    spend: market.hasSpend ? 4_210_000 : 0,
    kpi_total: 31_700_000,
    level: 0.95,
    adds_up: market.addsUp,
    source: "a made-up market",
    preset: "standard",
    engine: "NUTS",
    chains: 4,
    draws: 1000,
    seed: 1,
    parameters: 31,
    version: "0.1.0",
    converged: market.converged,
    nature: null,
    warnings: [],
    spec: '[kpi]\ncolumn = "revenue"\n',
  };
}
