import { expect, test } from "vitest";
import { all, asked, including, isMended, offers, optionsOf, without } from "./repairs";

test("a repair that was asked for ends its finding and stands in the spec", () => {
  for (const repair of all) {
    const repairs = including({}, repair);
    expect(asked(repairs)).toEqual([repair]);
    expect(isMended(repair.code, repairs)).toBe(true);
    expect(optionsOf(repairs)).toEqual({ [repair.option]: repair.value });
    expect(without(repairs, repair)).toEqual({});
  }
});

test("one of two ways excludes the other", () => {
  const [day, month] = offers("data.ambiguous_date");
  if (!day || !month) throw new Error("there are two ways to write a date");
  expect(asked(including(including({}, day), month))).toEqual([month]);
});

test("what nobody can ask for is nothing", () => {
  expect(optionsOf({ gaps: "invent", colour: "red" })).toEqual({});
  expect(isMended("data.gap", { gaps: "invent" })).toBe(false);
});
