// What the server says when it cannot answer, in words that a person can act on.
import type { components } from "./openapi";

export type Finding = components["schemas"]["Finding"];
type Details = components["schemas"]["ProblemDetails"];

export class Problem extends Error {
  readonly status: number;
  readonly findings: Finding[];

  constructor(status: number, message: string, findings: Finding[] = []) {
    super(message);
    this.status = status;
    this.findings = findings;
  }
}

/** The problem in an answer, whatever its body turned out to be. */
export function problemOf(status: number, body: unknown): Problem {
  const details = isDetails(body) ? body : null;
  const message = details?.detail || details?.title || said(status);
  return new Problem(status, message, details?.errors ?? []);
}

export const unreachable = () =>
  new Problem(0, "The server does not answer. Check that `mmm serve` still runs, then try again.");

function said(status: number): string {
  if (status === 401) return "Please log in.";
  if (status === 403) return "Your role does not allow this.";
  if (status === 404) return "This is not here (any more).";
  if (status === 413) return "The file is larger than the server takes.";
  return `The server answered with an error (${status}).`;
}

function isDetails(body: unknown): body is Partial<Details> {
  return typeof body === "object" && body !== null && "title" in body;
}
