import { expect, it } from "vitest";
import { allAt, freshName, levelOf, spendAt } from "./draft-plans";

const today = { tv: 200, radio: 100, press: 0 };

it("money and shares of today's are the same plan", () => {
  const level = levelOf({ tv: 300, radio: 100, press: 0 }, today);
  expect(level).toEqual({ tv: 1.5 });
  expect(spendAt(level, today)).toEqual({ tv: 300, radio: 100, press: 0 });
});

it("a channel that gets nothing today stays at nothing", () => {
  expect(spendAt({ press: 3 }, today).press).toBe(0);
  expect(spendAt(allAt(1.2, today), today)).toEqual({ tv: 240, radio: 120, press: 0 });
});

it("names are not given twice", () => {
  const plan = (name: string) => ({ name, level: {} });
  expect(freshName([])).toBe("Plan A");
  expect(freshName([plan("Plan A"), plan("Plan B")])).toBe("Plan C");
  expect(freshName([plan("Best")], "Best")).toBe("Best 2");
  expect(freshName([], "Best")).toBe("Best");
});
