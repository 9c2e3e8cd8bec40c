// How numbers are said.
import { expect, it } from "vitest";
import { change, count, difference, figure, percent, probability, range, telling, tick } from "./numbers";

const nb = "\u00a0";

it("says a figure in three digits", () => {
  const said = [0, 1, 12.345, 999.5, 1234.5, 123456, 1.2e6, 9.9999e8, 2.5e12, -0.04567, 0.00001234, 1e15];
  expect(said.map((x) => figure(x))).toEqual([
    "0", "1", "12.3", "1,000", "1,230", "123,000", "1.2m", "1bn", "2.5tn", "−0.0457", "1.23e−5", "1e15",
  ]); // prettier-ignore
});

it("says nothing of what is missing", () => {
  expect([figure(null), percent(undefined), probability(NaN), count(null), figure(Infinity)]).toEqual([
    "–",
    "–",
    "–",
    "–",
    "–",
  ]);
});

it("says shares, probabilities and changes", () => {
  expect(percent(0.23456)).toBe(`23.5${nb}%`);
  expect(percent(0.23456, 2)).toBe(`23${nb}%`);
  expect(percent(0.00001)).toBe(`<0.01${nb}%`);
  expect(percent(-0.00001)).toBe(`>−0.01${nb}%`);
  expect([probability(0.999), probability(0.001), probability(0.5)]).toEqual([`>99${nb}%`, `<1${nb}%`, `50${nb}%`]);
  expect([change(0.123), change(-0.5)]).toEqual([`+12${nb}%`, `−50${nb}%`]);
  expect(difference(1200)).toBe("+1,200");
});

it("says a range with a dash where no sign is in the way", () => {
  expect(range(1.2, 2.6)).toBe("1.2–2.6");
  expect(range(-1, 2.6)).toBe("−1 to 2.6");
  expect(range(0.19, 0.27, (x) => percent(x, 2))).toBe(`19–27${nb}%`);
  expect(range(2, 2)).toBe("2");
});

it("is brief on an axis", () => {
  expect([0, 500, 1000, 45_000, 1_200_000, -2500].map(tick)).toEqual(["0", "500", "1k", "45k", "1.2m", "−2.5k"]);
});

it("writes as many digits as make a comparison true", () => {
  expect(telling(1.010003, [1.01], 5)).toBe(7);
  expect(telling(1.01, [1.01], 5)).toBe(5);
  expect(telling(399.7, [400])).toBe(4);
  expect(telling(0.8848, [0.8846, 1])).toBe(4);
  expect(telling(null, [1.01], 5)).toBe(5);
});
