import { expect, it } from "vitest";
import { planIn } from "./use-plan-draft";

it("takes as a plan what an address says of one", () => {
  const plan = { level: { tv: 1.2 }, locked: ["tv"], periods: 13 };
  expect(planIn({ ...plan, kept: undefined } as object)).toEqual(plan);
  expect(planIn({ kept: { A: { tv: 1 } } })).toEqual({ kept: { A: { tv: 1 } } });
});

it("takes a page that only says how long for none", () => {
  expect(planIn({ periods: 26 })).toBeUndefined();
  expect(planIn({})).toBeUndefined();
});
