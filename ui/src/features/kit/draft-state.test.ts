import { expect, it } from "vitest";
import type { Draft } from "../../api/drafts";
import { decide, sameContent } from "./draft-state";

const known = { id: "d", content: { a: 1 }, revision: 3 } as unknown as Draft;
const calm = { isConflict: false, isBusy: false, mayWrite: true };

it("says the same in any order", () => {
  expect(sameContent({ a: 1, b: [{ c: 2, d: null }] }, { b: [{ d: null, c: 2 }], a: 1 })).toBe(true);
  expect(sameContent({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  expect(sameContent({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
  expect(sameContent({ a: null }, {})).toBe(false);
});

it("keeps what was changed, once", () => {
  expect(decide({ ...calm, id: undefined, content: undefined, known: undefined })).toBe("rest");
  expect(decide({ ...calm, id: undefined, content: { a: 2 }, known: undefined })).toBe("create");
  expect(decide({ ...calm, id: undefined, content: { a: 2 }, known })).toBe("attach");
  expect(decide({ ...calm, id: "d", content: { a: 2 }, known })).toBe("write");
  expect(decide({ ...calm, id: "another", content: { a: 2 }, known })).toBe("rest");
  expect(decide({ ...calm, id: "d", content: { a: 1 }, known })).toBe("rest");
  expect(decide({ ...calm, id: "d", content: { a: 2 }, known: undefined })).toBe("rest");
});

it("writes nothing in a conflict, while it writes, or for who may only look", () => {
  const change = { id: "d", content: { a: 2 }, known };
  expect(decide({ ...calm, ...change, isConflict: true })).toBe("rest");
  expect(decide({ ...calm, ...change, isBusy: true })).toBe("rest");
  expect(decide({ ...calm, ...change, mayWrite: false })).toBe("rest");
});
