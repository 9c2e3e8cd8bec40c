// What a webhook was told, and what came of it, in words.
import type { Schemas } from "../../api/client";
import { moment } from "../kit/moment";

/** "1 Dec, 04:20: job.failed, arrived (200)" */
export function said({ topic, state, status, error, attempts, created }: Schemas["DeliveryView"]): string {
  const what = topic === "ping" ? "test" : topic.replace(/^job\./, "run ");
  return `${moment(created)}: ${what}, ${outcome()}`;

  function outcome(): string {
    if (state === "delivered") return `arrived${status ? ` (${status})` : ""}`;
    const why = status ? `answered ${status}` : (error ?? "");
    if (state === "failed") return `given up${why && `: ${why}`}`;
    return attempts > 0 ? `to be tried again${why && `: ${why}`}` : "on its way";
  }
}
