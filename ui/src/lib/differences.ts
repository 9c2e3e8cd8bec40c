// Where two specs differ.
export interface Difference {
  path: string;
  a: string;
  b: string;
}

export function differences(a: unknown, b: unknown): Difference[] {
  const [left, right] = [flat(a), flat(b)];
  const paths = [...new Set([...left.keys(), ...right.keys()])];
  return paths
    .map((path) => ({ path, a: left.get(path) ?? "–", b: right.get(path) ?? "–" }))
    .filter((one) => one.a !== one.b);
}

/** Every leaf by its path; entries of lists go by their name where they have one. */
function flat(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (typeof value !== "object" || value === null) {
    if (value !== null && value !== undefined) into.set(path, String(value));
    return into;
  }
  for (const [key, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? nameOf(inner, key) : key;
    flat(inner, path ? `${path}.${step}` : step, into);
  }
  return into;
}

function nameOf(entry: unknown, key: string): string {
  const named = typeof entry === "object" && entry !== null && "name" in entry && entry.name;
  return typeof named === "string" && named ? named : key;
}
