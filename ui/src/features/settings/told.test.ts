import { expect, it } from "vitest";
import type { Schemas } from "../../api/client";
import { said } from "./told";

const delivery = (of: Partial<Schemas["DeliveryView"]>): Schemas["DeliveryView"] => ({
  id: "d",
  topic: "job.failed",
  state: "waiting",
  attempts: 0,
  status: null,
  error: null,
  created: "2026-12-01T04:20:00Z",
  next: null,
  finished: null,
  ...of,
});
const outcome = (of: Partial<Schemas["DeliveryView"]>) => said(delivery(of)).replace(/^[^:]*:\d\d: /, "");

it("says what came of a delivery", () => {
  expect(outcome({})).toBe("run failed, on its way");
  expect(outcome({ state: "delivered", attempts: 1, status: 204 })).toBe("run failed, arrived (204)");
  expect(outcome({ attempts: 2, status: 500 })).toBe("run failed, to be tried again: answered 500");
  expect(outcome({ topic: "ping", state: "failed", attempts: 9, error: "nobody there" })).toBe(
    "test, given up: nobody there",
  );
});
