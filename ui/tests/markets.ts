// Data of made-up markets, and models learnt from them.
import { expect } from "@playwright/test";

const weeks = (n: number) =>
  Array.from({ length: n }, (_, week) => ({
    week,
    day: new Date(Date.UTC(2023, 0, 2 + 7 * week)).toISOString().slice(0, 10),
    noise: (seed: number) => 400 * Math.sin(week * 12.9898 + seed) * Math.cos(week * 78.233 + seed),
  }));

/** Two years of a shop that a channel or two move. */
export function shop(): Buffer {
  const rows = weeks(104).map(({ week, day, noise }) => {
    const [tv, search] = [week % 4 === 0 ? 4000 + 37 * (week % 11) : 0, 1000 + 211 * ((week * 7) % 9)];
    return [day, tv, search, 10 + (week % 13), Math.round(30000 + 1.6 * tv + 2.1 * search + noise(0))].join();
  });
  return Buffer.from(["week,tv_spend,search_spend,weather,revenue", ...rows].join("\n"));
}

/** Three regions and three channels. */
export function regions(): Buffer {
  const rows = ["North", "South", "West"].flatMap((region, g) =>
    weeks(104).map(({ week, day, noise }) => {
      const tv = week % 4 === 0 ? 4000 + 37 * (week % 11) + 500 * g : 0;
      const [search, radio] = [1000 + 211 * ((week * 7 + g) % 9), 800 + 90 * ((week * 5 + 2 * g) % 7)];
      const revenue = Math.round(20000 + 4000 * g + (1.2 + 0.3 * g) * tv + 2.1 * search + 0.8 * radio + noise(g));
      return [day, region, tv, search, radio, revenue].join();
    }),
  );
  return Buffer.from(["week,geo,tv_spend,search_spend,radio_spend,revenue", ...rows].join("\n"));
}

/** Uploads a file; what the server makes of it. */
export async function uploaded(base: string, name: string, bytes: Buffer): Promise<{ id: string; spec: object }> {
  const body = new FormData();
  body.set("file", new Blob([new Uint8Array(bytes)]), name);
  const response = await fetch(`${base}/api/v1/datasets?name=${name}`, { method: "POST", body });
  expect(response.status).toBe(201);
  return (await response.json()) as { id: string; spec: object };
}

/** A finished fit of a simple model; its id. */
export async function fitted(base: string, dataset: string, spec: object, name: string): Promise<string> {
  const post = { method: "POST", headers: { "Content-Type": "application/json" } };
  const body = JSON.stringify({ dataset, name, spec });
  const { id, job } = await (await fetch(`${base}/api/v1/fits`, { ...post, body })).json();
  await expect
    .poll(async () => (await (await fetch(`${base}/api/v1/jobs/${job}`)).json()).state, { timeout: 120_000 })
    .toBe("succeeded");
  return id as string;
}

/** The columns of a proposed spec under the quickest preset, which fixes the rest. */
export function quick(spec: object): object {
  const { data, channel = [] } = spec as { data: object; channel?: Record<string, unknown>[] };
  const bare = channel.map(({ name, spend, exposure }) => ({ name, spend, exposure }));
  return { preset: "lite", data, channel: bare };
}
