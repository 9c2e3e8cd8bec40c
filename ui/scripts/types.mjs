// Writes src/api/report.ts from src/api/report.schema.json.
import { readFile, writeFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";

/**
 * What the compiler does not know is said in older words: tuples. A description beside a reference would give every use
 * a type of its own; behind `allOf` it stays a comment.
 */
function older(node) {
  if (Array.isArray(node)) return node.map(older);
  if (node === null || typeof node !== "object") return node;
  const { $ref, prefixItems, ...rest } = node;
  const kept = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, older(value)]));
  if (prefixItems !== undefined) return { ...kept, items: older(prefixItems) };
  if ($ref === undefined) return kept;
  return kept.description === undefined ? { $ref } : { ...kept, allOf: [{ $ref }] };
}

const schema = JSON.parse(await readFile("src/api/report.schema.json", "utf8"));
const types = await compile(older(schema), "Report", {
  additionalProperties: false,
  bannerComment: "// The shape of a report. Generated from report.schema.json by `npm run types`; not edited by hand.",
});
await writeFile("src/api/report.ts", types);
