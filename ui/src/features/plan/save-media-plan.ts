// The media plan as a file, written by the server.
import { problemOf, unreachable } from "../../api/problem";
import { saveBlob } from "../../lib/download";
import type { PlanWish } from "./answers";

interface Wanted {
  id: string;
  request: PlanWish;
  grain: string;
  format: "csv" | "xlsx";
}

export async function saveMediaPlan({ id, request, grain, format }: Wanted): Promise<void> {
  const query = new URLSearchParams({ format, grain });
  const response = await fetch(`/api/v1/fits/${id}/plans?${query.toString()}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(request),
  }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw problemOf(response.status, await response.json().catch(() => null));
  saveBlob(`media plan by ${grain}.${format}`, await response.blob());
}
