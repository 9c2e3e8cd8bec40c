// What a spreadsheet gets.
import { expect, it } from "vitest";
import { csv } from "./csv";
import type { Table } from "./table";

const table: Table = {
  columns: [
    { key: "name", title: "=Name", unit: "", kind: "text" },
    { key: "x", title: "Spend", unit: "money", kind: "number" },
  ],
  rows: [
    ["=1+1", -2.5],
    ["@a", null],
    ['say "hi", you', 1e-7],
    ["\ttab", 3],
    ["plain", NaN],
  ],
};

it("lets no text be taken for a formula, and leaves numbers as they are", () => {
  expect(csv(table).split("\r\n")).toEqual([
    "'=Name,Spend (money)",
    "'=1+1,-2.5",
    "'@a,",
    '"say ""hi"", you",1e-7',
    "'\ttab,3",
    "plain,",
    "",
  ]);
});
