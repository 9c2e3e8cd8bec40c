import { expect, it } from "vitest";
import { said, wantedWords } from "./checks";

it("never says that a figure keeps to a bound that it does not keep to", () => {
  const near = { check: "r_hat", figure: 1.010003, wanted: { below: 1.01 } } as const;
  expect(`${said(near)}, ${wantedWords(near)}`).toBe("1.010003, below 1.01");
  const few = { check: "ess_bulk", figure: 399.7, wanted: { at_least: 400 } } as const;
  expect(`${said(few)}, ${wantedWords(few)}`).toBe("399.7, at least 400");
});

it("keeps to few digits where they tell", () => {
  const fine = { check: "r_hat", figure: 1.0041234, wanted: { below: 1.01 } } as const;
  expect(said(fine)).toBe("1.0041");
});
