// A spec as the text of an mmm.toml: one line for each thing said, nothing that was not said.
import type { Schemas } from "../../api/client";

type Spec = Schemas["ModelSpec"];

export function toToml(spec: Spec): string {
  const all = Object.entries(spec).filter(([, value]) => isSaid(value));
  const plain = all
    .filter(([, value]) => typeof value !== "object")
    .map(([key, value]) => `${key} = ${inline(value)}\n`);
  const tables = all.flatMap(([key, value]) => {
    if (typeof value !== "object") return [];
    if (Array.isArray(value)) return (value as object[]).map((item) => table(`[[${key}]]`, item));
    return [table(`[${key}]`, value)];
  });
  return [plain.join(""), ...tables].filter((part) => part !== "").join("\n");
}

const table = (head: string, body: object) => `${head}\n${lines(body)}`;

const lines = (body: object) =>
  Object.entries(body)
    .filter(([, value]) => isSaid(value, true))
    .map(([key, value]) => `${name(key)} = ${inline(value)}\n`)
    .join("");

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value).filter(([, v]) => isSaid(v, true));
    return parts.length === 0 ? "{}" : `{ ${parts.map(([k, v]) => `${name(k)} = ${inline(v)}`).join(", ")} }`;
  }
  return JSON.stringify(value);
}

const name = (key: string) => (/^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key));

/** Whether there is anything to write; an empty list deep inside says "none", which is something. */
function isSaid(value: unknown, isDeep = false): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value !== "object") return true;
  return (isDeep && Array.isArray(value)) || Object.keys(value).length > 0;
}
