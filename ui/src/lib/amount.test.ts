import { expect, test } from "vitest";
import { amountOf } from "./amount";

test.each([
  ["1200", 1200],
  ["1,200", 1200],
  ["1 200", 1200],
  ["1\u00a0200", 1200],
  ["1.2m", 1_200_000],
  ["1,5k", 1500],
  ["12K", 12_000],
  ["1,234,567.8", 1_234_567.8],
  ["1.234.567,8", 1_234_567.8],
  ["0.5", 0.5],
  ["2bn", 2e9],
])("%s is %d", (text, amount) => expect(amountOf(text)).toBeCloseTo(amount, 6));

test.each(["", "abc", "-5", "1.2.3", "12,34,5", "5x", "k"])("“%s” is no amount", (text) =>
  expect(amountOf(text)).toBeNull(),
);
