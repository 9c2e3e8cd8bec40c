// What is to be done with a draft, as a function of what is known.
import type { Draft } from "../../api/drafts";

export type Content = Draft["content"];

interface Known {
  id: string | undefined;
  content: Content | undefined;
  /** The draft that the page last had. */
  known: Draft | undefined;
  isConflict: boolean;
  isBusy: boolean;
  mayWrite: boolean;
}

/** `attach`: an address from before the page had its draft goes on with that draft. */
export type Act = "rest" | "create" | "attach" | "write";

export function decide({ id, content, known, isConflict, isBusy, mayWrite }: Known): Act {
  if (!mayWrite || isConflict || isBusy || content === undefined) return "rest";
  if (id === undefined) return known ? "attach" : "create";
  return known?.id === id && !sameContent(content, known.content) ? "write" : "rest";
}

/** Whether both say the same, whatever the order of their keys; what is undefined is not said. */
export const sameContent = (a: unknown, b: unknown) => canonical(a) === canonical(b);

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const pairs = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join()}}`;
}
