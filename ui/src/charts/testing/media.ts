// Exhibits of the channels of a made-up report.
import type { Advice, ChannelRow, Exhibits } from "../../api/report";
import type { Market } from "./market";
import { band, bars, estimate, upTo, weeks, wobble } from "./shapes";

const advices: Advice[] = ["scale", "hold", "trim", "test"];

export function media(market: Market): Exhibits {
  const { channels } = market;
  return {
    channels: {
      rows: channels.map((name, k) => channelRow(name, k, market)),
      contribution: estimate(7_400_000, 0.17),
      share: estimate(0.234, 0.17),
      roas: market.hasSpend ? estimate(1.76, 0.2) : null,
      confounded: channels.length > 1 ? [{ one: channels[0] ?? "", other: channels[1] ?? "", correlation: -0.71 }] : [],
    },
    response: market.hasSpend
      ? { in_money: market.returnsInMoney, curves: channels.map((name, k) => curve(name, k, market.returnsInMoney)) }
      : null,
    carry_over: { channels: channels.map(carryOver) },
    saturation: { channels: channels.map(saturation) },
    inputs: inputs(market),
  };
}

function channelRow(name: string, k: number, market: Market): ChannelRow {
  const roas = estimate(2.6 - 0.35 * k, 0.2 + 0.1 * k);
  const paid = <T>(x: T) => (market.hasSpend ? x : null);
  return {
    name,
    spend: paid(900_000 / (k + 1)),
    spend_share: paid(1 / channelsOver(market, k)),
    contribution: estimate(2_300_000 / (k + 1), 0.2),
    contribution_money: null,
    share: estimate(0.08 / (k + 1), 0.25),
    effect_share: estimate(0.33 / (k + 1), 0.25),
    roas: paid(roas),
    roas_prior: paid(estimate(1.5, 0.9)),
    mroas: paid(estimate(roas.mean * 0.55, 0.3)),
    roi: paid(estimate(roas.mean - 1, 0.3)),
    cpik: paid(estimate(0.4 + 0.3 * k, 0.3)),
    p_pays: paid(Math.max(0.02, 0.995 - 0.2 * k)),
    p_next_pays: paid(Math.max(0.02, 0.9 - 0.2 * k)),
    advice: paid(advices[k % 4] ?? "hold"),
    contraction: 0.9 - 0.15 * k,
    follows_prior: k === 3,
    is_vague: k === 3,
  };
}

function channelsOver(market: Market, k: number): number {
  return market.channels.length + k;
}

function breakEven(k: number) {
  return {
    median: 50_000 / (k + 1),
    lower: 36_000 / (k + 1),
    upper: k === 0 ? null : 71_000 / (k + 1),
    p_above_current: 0.71,
  };
}

function curve(name: string, k: number, inMoney: boolean) {
  const spend = upTo(31).map((i) => (i * 40_000) / (k + 1) / 10);
  const ec50 = 40_000 / (k + 1);
  const outcome = spend.map((x) => (120_000 * x) / (x + ec50) / (k + 1));
  return {
    name,
    current: 45_000 / (k + 1),
    highest: 80_000 / (k + 1),
    spend,
    outcome: band(outcome, 0.2 + 0.05 * k),
    marginal: band(
      spend.map((x) => (120_000 * ec50) / (x + ec50) ** 2 / (k + 1)),
      0.25,
    ),
    history: upTo(60).map((i) => ((i * 80_000) / 60 / (k + 1)) * (0.9 + 0.1 * wobble(i, k))),
    break_even: inMoney ? breakEven(k) : null,
  };
}

function carryOver(name: string, k: number) {
  const decay = 0.75 - 0.1 * k;
  const felt = upTo(13).map((lag) => (1 - decay) * decay ** lag);
  return {
    name,
    felt: band(felt, 0.25),
    felt_prior: band(
      upTo(13).map((lag) => 0.5 * 0.5 ** lag),
      0.8,
    ),
    half_life: estimate(2.4 - 0.4 * k, 0.3),
    time_to_5_percent: estimate(10 - k, 0.3),
    peak_lag: estimate(k === 0 ? 1 : 0, 0.3),
    immediate: estimate(0.3 + 0.1 * k, 0.2),
    at_once: estimate(690_000 / (k + 1), 0.2),
    later: estimate(1_600_000 / (k + 1), 0.25),
  };
}

function saturation(name: string, k: number) {
  const exposure = upTo(31).map((i) => (i * 4_000_000) / 30 / (k + 1));
  const ec50 = 1_400_000 / (k + 1);
  return {
    name,
    in_money: k % 2 === 0,
    exposure,
    reached: band(
      exposure.map((x) => (0.8 * x) / (x + ec50)),
      0.18,
    ),
    ec50: estimate(ec50, 0.3),
    beyond_half: estimate(0.42, 0.3),
    history: bars(0, 3_000_000 / (k + 1), [12, 20, 31, 18, 9, 4, 2]),
  };
}

function inputs(market: Market): NonNullable<Exhibits["inputs"]> {
  const dates = weeks(market.weeks);
  const names = [...market.channels, ...market.controls];
  return {
    dates,
    kpi: dates.map((_, k) => 300_000 + 60_000 * Math.sin(k / 8) + 9_000 * wobble(k)),
    channels: market.channels.map((name, k) => {
      const series = dates.map((_, t) => (t % (11 + k) < 3 ? 0 : (60_000 / (k + 1)) * (1 + 0.6 * Math.sin(t / 5 + k))));
      return {
        name,
        spend: market.hasSpend ? series : null,
        exposure: k % 2 ? series.map((x) => x * 40) : null,
        dark: 0.2,
      };
    }),
    controls: market.controls.map((name, k) => ({ name, values: dates.map((_, t) => 10 + k + wobble(t, k)) })),
    correlation: {
      names,
      r: names.map((_, i) => names.map((_, j) => (i === j ? 1 : 0.6 * wobble(Math.min(i, j) * 31 + Math.max(i, j))))),
      variance_inflation: names.map((_, i) => (i === 2 ? null : 1.2 + i * 1.9)),
    },
    findings: [],
  };
}
