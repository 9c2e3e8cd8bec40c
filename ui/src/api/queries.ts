// What pages ask for, each under one key.
import { queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";
import type { JobView } from "./job";
import type { Report } from "./report";

const page = { params: { query: { limit: 100 } } };
const byId = (id: string) => ({ params: { path: { id } } });
const ofSheet = (id: string, sheet: string | undefined) => ({
  params: { path: { id }, query: sheet === undefined ? {} : { sheet } },
});

export const session = queryOptions({
  queryKey: ["session"],
  queryFn: () => ask(api.GET("/api/v1/session")),
  retry: false,
  staleTime: Infinity,
});

export const datasets = queryOptions({
  queryKey: ["datasets"],
  queryFn: async () => (await ask(api.GET("/api/v1/datasets", page))).items,
});

/** What was found in a file; in one sheet of it where one is named. */
export const dataset = (id: string, sheet?: string) =>
  queryOptions({
    queryKey: ["datasets", id, "sheet", sheet ?? null],
    queryFn: () => ask(api.GET("/api/v1/datasets/{id}", ofSheet(id, sheet))),
  });

export const preview = (id: string, sheet?: string) =>
  queryOptions({
    queryKey: ["datasets", id, "preview", sheet ?? null],
    queryFn: async () =>
      (await ask(api.GET("/api/v1/datasets/{id}/preview", ofSheet(id, sheet)))) as Schemas["Preview"],
    staleTime: Infinity,
  });

export const fits = queryOptions({
  queryKey: ["fits"],
  queryFn: async () => (await ask(api.GET("/api/v1/fits", page))).items,
  refetchInterval: (query) => (query.state.data?.some(({ state }) => isUnderWay(state)) ? 2000 : false),
});

export const fit = (id: string) =>
  queryOptions({ queryKey: ["fits", id], queryFn: () => ask(api.GET("/api/v1/fits/{id}", byId(id))) });

export const job = (id: string) =>
  queryOptions({
    queryKey: ["jobs", id],
    queryFn: async () => (await ask(api.GET("/api/v1/jobs/{id}", byId(id)))) as JobView,
  });

/** Some exhibits of a fit, or all of them. */
export const report = (id: string, exhibits: readonly string[]) =>
  queryOptions({
    queryKey: ["fits", id, "report", [...exhibits].sort().join()],
    queryFn: async () =>
      (await ask(
        api.GET("/api/v1/fits/{id}/report", {
          params: { path: { id }, query: { exhibits: [...exhibits].sort().join() } },
        }),
      )) as Report,
    staleTime: Infinity,
    retry: false,
  });

export const keys = queryOptions({
  queryKey: ["keys"],
  queryFn: async () => (await ask(api.GET("/api/v1/keys", page))).items,
});

export const webhooks = queryOptions({
  queryKey: ["webhooks"],
  queryFn: async () => (await ask(api.GET("/api/v1/webhooks", page))).items,
});

/** What a webhook was told last; asked again while something is on its way. */
export const deliveries = (id: string) =>
  queryOptions({
    queryKey: ["webhooks", id, "deliveries"],
    queryFn: async () =>
      (await ask(api.GET("/api/v1/webhooks/{id}/deliveries", { params: { path: { id }, query: { limit: 3 } } }))).items,
    refetchInterval: (query) => (query.state.data?.some(({ state }) => state === "waiting") ? 2000 : false),
  });

/** It is computed, or will be. One that is paused waits for a person. */
export const isUnderWay = (state: string) => state === "queued" || state === "running" || state === "cancelling";
