// Plans by region, their groups, and what is asked about them.
import { expect, it } from "vitest";
import type { Plan, Scenario } from "./answers";
import { outlookOf, partOf, stepsOf } from "./outlook";
import { cellsOf, moneyByRegion, regionsOf } from "./regions";
import { askedOf, membersOf, nextName } from "./wish-groups";

const spread = (mean: number) => ({ mean, median: mean, lower: mean - 1, upper: mean + 1 });
const money = (total: number) => ({ total, per_period: total / 10 });

const cells = [
  { geo: "North", channel: "tv", today: 100, planned: 130 },
  { geo: "South", channel: "tv", today: 80, planned: 60 },
  { geo: "North", channel: "radio", today: 0, planned: 10 },
];
const plan = {
  unit: { kind: "money" },
  horizon: { periods: 10, period: "week" },
  channels: cells.map(({ geo, channel, planned }) => ({
    name: `${geo}/${channel}`,
    channel,
    geo,
    spend: money(planned),
    outcome: spread(5),
    marginal: spread(1),
  })),
  moves: cells.map(({ geo, channel, today, planned }) => ({
    name: `${geo}/${channel}`,
    current: money(today),
    change: today > 0 ? planned / today - 1 : null,
    bounds: [0, 200],
    binding: null,
  })),
  proof: null,
} as unknown as Plan;

it("adds money up by region", () => {
  expect(regionsOf(plan)).toEqual(["North", "South"]);
  expect(cellsOf(plan, "North")).toEqual([0, 2]);
  expect(cellsOf(plan, undefined)).toEqual([0, 1, 2]);
  expect(cellsOf(plan, "Atlantis")).toEqual([0, 1, 2]);
  expect(moneyByRegion(plan)).toEqual([
    { region: "North", today: 100, planned: 140, change: 0.3999999999999999 },
    { region: "South", today: 80, planned: 60, change: -0.25 },
  ]);
});

it("asks what the moves of a region bring while the others stay as today", () => {
  const north = { "North/tv": 130, "South/tv": 80, "North/radio": 10 };
  expect(partOf(plan, [0, 2]).spend).toEqual(north);
  expect(stepsOf(plan, [0, 2]).map(({ name, spend }) => [name, spend["North/tv"], spend["North/radio"]])).toEqual([
    ["plan", 130, 10],
    ["only North/tv", 130, 0],
    ["only North/radio", 100, 10],
  ]);
  const many = Array.from({ length: 60 }, (_, k) => k);
  expect(stepsOf(plan, many)).toHaveLength(1);
});

it("draws a part of a plan with its own budget and gain", () => {
  const answer = (gain: number) =>
    ({
      outcome: spread(50 + gain),
      against_first: { lift: spread(gain), relative_lift: null, p_better: 0.9 },
    }) as Scenario;
  const steps = [answer(0), answer(7), answer(4), answer(3)];
  const outlook = outlookOf(plan, [0, 2], steps, [answer(0), answer(7)]);
  expect(outlook).toMatchObject({ budget: 140, budget_today: 100, gain_at_least: 6, p_better: 0.9 });
  expect(outlook?.gain.mean).toBe(7);
  expect(outlook?.moves.map(({ name, gain }) => [name, gain.mean])).toEqual([
    ["North/tv", 4],
    ["North/radio", 3],
  ]);
});

it("asks for groups that say something, of members that are planned", () => {
  const groups = [
    { name: "video", members: ["tv", "cinema"], max: 0.5 },
    { name: "empty", members: [], min: 0.1 },
    { name: "free", members: ["tv"] },
  ];
  expect(membersOf(plan.channels)).toEqual(["tv", "radio", "North", "South"]);
  expect(askedOf(groups, membersOf(plan.channels))).toEqual([{ name: "video", members: ["tv"], max: 0.5 }]);
  expect(nextName([])).toBe("Group A");
  expect(nextName([{ name: "Group A", members: [] }])).toBe("Group B");
});
