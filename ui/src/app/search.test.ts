import { expect, test } from "vitest";
import { dataSearch, optimiseSearch, planSearch, rootSearch } from "./search";

test("what makes no sense in an address is dropped", () => {
  expect(rootSearch({ theme: "pink" })).toEqual({});
  expect(dataSearch({ roles: { a: "spend", b: 3 }, kind: "euros", holdout: -1 })).toEqual({ roles: { a: "spend" } });
  expect(planSearch({ level: { tv: 1.5, radio: -2, web: "x" }, periods: 0 })).toEqual({ level: { tv: 1.5 } });
  expect(optimiseSearch({ budget: "1e9", objective: "luck", min: [] })).toEqual({});
  expect(optimiseSearch({ by: "moon", rhythm: 3, groups: "all" })).toEqual({});
  expect(optimiseSearch({ groups: [{ members: [1], min: 2, max: 0.5 }, 7] })).toEqual({
    groups: [
      { name: "", members: ["1"], max: 0.5 },
      { name: "", members: [] },
    ],
  });
});

test("what makes sense stays", () => {
  const plan = { level: { tv: 1.5 }, locked: ["tv"], periods: 13, kept: { "Plan A": { tv: 0 } } };
  expect(planSearch(plan)).toEqual(plan);
  const wish = { budget: 1000, periods: 4, change: 0.2, objective: "quantile", min: { tv: 1 }, max: { tv: 2 } };
  expect(optimiseSearch(wish)).toEqual(wish);
  const group = { name: "video", members: ["tv", "youtube"], min: 0.2, max: 0.5 };
  const split = { by: "geo", rhythm: "historic", groups: [group], region: "North", grain: "month" };
  expect(optimiseSearch(split)).toEqual(split);
});
