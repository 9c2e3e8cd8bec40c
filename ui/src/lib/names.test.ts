// What becomes of names that users gave.
import { expect, it } from "vitest";
import { list, oneLine, short } from "./names";

it("cuts between characters, not within them", () => {
  expect(short("🎯🚀🎯🚀", 3)).toBe("🎯🚀…");
  expect(short("television", 10)).toBe("television");
});

it("keeps a name on one line", () => {
  expect(oneLine("a\nb\tc\u0000d")).toBe("a b c d");
});

it("lists names in words", () => {
  expect([list([]), list(["a"]), list(["a", "b"]), list(["a", "b", "c", "d", "e", "f"])]).toEqual([
    "none",
    "a",
    "a and b",
    "a, b, c, d and 2 more",
  ]);
});
