// The one way to the server: typed paths, answers or a Problem.
import createClient from "openapi-fetch";
import type { components, paths } from "./openapi";
import { problemOf, unreachable } from "./problem";

export type Schemas = components["schemas"];

export const api = createClient<paths>({ baseUrl: "", headers: { Accept: "application/json" } });

interface Reply<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer; anything else is thrown as a Problem. */
export async function ask<T>(asked: Promise<Reply<T>>): Promise<T> {
  const { data, error, response } = await asked.catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw problemOf(response.status, error);
  return data as T;
}

/** Uploads a file as a dataset. */
export async function upload(file: File): Promise<Schemas["DatasetView"]> {
  const body = new FormData();
  body.set("file", file);
  const response = await fetch(`/api/v1/datasets?name=${encodeURIComponent(file.name)}`, {
    method: "POST",
    body,
  }).catch(() => {
    throw unreachable();
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response.status, answer);
  return answer as Schemas["DatasetView"];
}
