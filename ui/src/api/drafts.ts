// Drafts at the server: nothing is written over what somebody else wrote in the meantime.
import { queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";

export type Draft = Schemas["DraftView"];
export type DraftLine = Schemas["DraftLine"];
export type DraftKind = Schemas["DraftKind"];
export type DraftWish = Schemas["DraftRequest"];

export const drafts = queryOptions({
  queryKey: ["drafts"],
  queryFn: async () => (await ask(api.GET("/api/v1/drafts", { params: { query: { limit: 100 } } }))).items,
});

export const draft = (id: string) =>
  queryOptions({ queryKey: ["drafts", id], queryFn: () => readDraft(id), retry: false, staleTime: Infinity });

export const readDraft = (id: string) => ask(api.GET("/api/v1/drafts/{id}", { params: { path: { id } } }));

export const keepDraft = (body: DraftWish) => ask(api.POST("/api/v1/drafts", { body }));

/** Writes over the revision that is known; a Problem of status 412 when there is a younger one. */
export const writeDraft = (id: string, known: number, body: DraftWish) =>
  ask(api.PUT("/api/v1/drafts/{id}", { params: { path: { id }, header: { "If-Match": tag(known) } }, body }));

export const dropDraft = (id: string, known: number) =>
  ask(api.DELETE("/api/v1/drafts/{id}", { params: { path: { id }, header: { "If-Match": tag(known) } } }));

/** What a draft is written as. */
export const wishOf = ({ name, kind, subject, content }: Draft): DraftWish => ({
  name,
  kind,
  subject: subject ?? null,
  content,
});

const tag = (revision: number) => `"${revision}"`;
