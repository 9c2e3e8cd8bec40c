// A job as its events tell it.
import type { Schemas } from "./client";

export interface Chain {
  done: number;
  total: number;
  warming_up: boolean;
  n_divergences: number;
}

export interface Progress {
  phase: string;
  fraction: number;
  done: number;
  total: number;
  divergences: number;
  seconds: number;
  seconds_left: number | null;
  chains: Chain[];
}

export type JobView = Omit<Schemas["JobView"], "progress" | "problem"> & {
  progress: Progress | null;
  problem: { title?: string; detail?: string } | null;
};

/** The job after an event; events it does not know leave it as it was. */
export function afterEvent(job: JobView, name: string, data: string): JobView {
  const body: unknown = JSON.parse(data);
  if (typeof body !== "object" || body === null) return job;
  if (name === "progress" && "fraction" in body) return { ...job, progress: body as Progress };
  if (name === "state" && "state" in body) return { ...job, state: String(body.state) };
  return job;
}

export const isOver = (state: string) => ["succeeded", "failed", "cancelled"].includes(state);
