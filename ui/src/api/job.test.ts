import { expect, test } from "vitest";
import { afterEvent, isOver, type JobView } from "./job";

const job = { id: "1", state: "queued", progress: null } as JobView;

test("events change a job, what is not known leaves it", () => {
  const running = afterEvent(job, "state", '{"state":"running"}');
  expect(running.state).toBe("running");
  const further = afterEvent(running, "progress", '{"phase":"sampling","fraction":0.5,"chains":[]}');
  expect(further.progress?.fraction).toBe(0.5);
  expect(afterEvent(further, "news", '{"state":"x"}')).toBe(further);
  expect(afterEvent(further, "state", "null")).toBe(further);
});

test("a job is over when nothing more comes", () => {
  expect(["queued", "running", "succeeded", "failed", "cancelled"].map(isOver)).toEqual([
    false,
    false,
    true,
    true,
    true,
  ]);
});
