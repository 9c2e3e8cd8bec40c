import { describe, expect, it } from "vitest";
import { beliefOf, effectOf, isPossible, shown } from "./belief";
import { ofKind, wavesOf, withChannel, withPreset, withWaves, type Spec } from "./edit";
import { toToml } from "./toml";

const spec = {
  preset: "standard",
  data: { file: "data.csv", time: "week", kpi: "revenue" },
  channel: [
    {
      name: "tv",
      spend: "tv_spend",
      adstock: { kind: "delayed", l_max: 8 },
      effect: { roas: { log_normal: { median: 1.5, sd_log: 0.8 } } },
    },
    { name: "radio", spend: "radio_spend" },
  ],
  defaults: {},
  baseline: {
    seasonality: [
      { period: "year", order: 2 },
      { period: "week", order: 1 },
    ],
    events: [],
  },
  sampler: {},
} as unknown as Spec;

describe("a belief about the return", () => {
  it("comes back as what was said", () => {
    const back = beliefOf(effectOf({ low: 0.5, high: 4 }));
    expect(back && shown(back.low)).toBe("0.5");
    expect(back && shown(back.high)).toBe("4");
  });
  it("is not read from what says it in another way", () => {
    expect(beliefOf({ beta: { half_normal: { sd: 2 } } } as never)).toBeNull();
    expect(beliefOf({ roas: { log_normal: { median: "mean_kpi", sd_log: 1 } } } as never)).toBeNull();
    expect(beliefOf(undefined)).toBeNull();
  });
  it("has a lower and an upper end", () => {
    expect(isPossible({ low: 0, high: 1 })).toBe(false);
    expect(isPossible({ low: 2, high: 1 })).toBe(false);
  });
});

describe("changes", () => {
  it("leave everything else as it was", () => {
    const next = withChannel(spec, 1, { name: "wireless" });
    expect(next.channel?.[1]?.name).toBe("wireless");
    expect(next.channel?.[0]).toBe(spec.channel?.[0]);
    expect(spec.channel?.[1]?.name).toBe("radio");
  });
  it("of the starting point let go of what was proposed for the old one", () => {
    const next = withPreset(spec, "lite");
    expect(next.channel?.[0]).toEqual({ name: "tv", spend: "tv_spend" });
    expect(next.baseline).toEqual({ events: [] });
  });
  it("of waves keep other patterns", () => {
    expect(wavesOf(spec)).toBe(2);
    expect(withWaves(spec, 0).baseline?.seasonality).toEqual([{ period: "week", order: 1 }]);
    expect(wavesOf(withWaves(withWaves(spec, 0), 3))).toBe(3);
  });
  it("of a kind begin afresh", () => {
    expect(ofKind({ kind: "delayed", l_max: 8 }, "delayed")).toEqual({ kind: "delayed", l_max: 8 });
    expect(ofKind({ kind: "delayed", l_max: 8 }, "none")).toEqual({ kind: "none" });
    expect(ofKind({ kind: "delayed" }, "preset")).toBeUndefined();
  });
});

it("a spec as text says what it says and no more", () => {
  expect(toToml(spec)).toBe(`preset = "standard"

[data]
file = "data.csv"
time = "week"
kpi = "revenue"

[[channel]]
name = "tv"
spend = "tv_spend"
adstock = { kind = "delayed", l_max = 8 }
effect = { roas = { log_normal = { median = 1.5, sd_log = 0.8 } } }

[[channel]]
name = "radio"
spend = "radio_spend"

[baseline]
seasonality = [{ period = "year", order = 2 }, { period = "week", order = 1 }]
events = []
`);
});
