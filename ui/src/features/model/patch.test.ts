import { expect, test } from "vitest";
import { beliefOf, withBelief, withChannel, withPreset, withYearlyWaves, yearlyWaves, type Spec } from "./patch";

const spec = {
  preset: "standard",
  data: { kpi: "revenue" },
  channel: [{ name: "tv", spend: "tv_spend", effect: { roas: { log_normal: { median: 1.5, sd_log: 0.8 } } } }],
  baseline: { trend: { kind: "linear" }, seasonality: [{ period: "week", order: 1 }] },
} as Spec;

test("a belief in business words is the prior and back", () => {
  const next = withBelief(spec, 0, { low: 0.5, high: 4 });
  const belief = next.channel?.[0] && beliefOf(next.channel[0]);
  expect(belief?.low).toBeCloseTo(0.5, 6);
  expect(belief?.high).toBeCloseTo(4, 6);
});

test("a belief that is said otherwise is left alone", () => {
  expect(beliefOf({ name: "tv", effect: { beta: { half_normal: 1 } } } as never)).toBeNull();
  expect(beliefOf({ name: "tv" })).toBeNull();
});

test("another kind of model keeps columns and drops what was proposed", () => {
  const next = withPreset(spec, "lite");
  expect(next.channel?.[0]).toEqual({ name: "tv", spend: "tv_spend" });
  expect(next.baseline).toEqual({});
});

test("waves of a year come and go beside others", () => {
  expect(yearlyWaves(spec)).toBe(0);
  const three = withYearlyWaves(spec, 3);
  expect(yearlyWaves(three)).toBe(3);
  expect(withYearlyWaves(three, 0).baseline).toEqual(spec.baseline);
});

test("only the channel that was meant changes", () => {
  expect(withChannel(spec, 3, { name: "x" }).channel).toEqual(spec.channel);
});
