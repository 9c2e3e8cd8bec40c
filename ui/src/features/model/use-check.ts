// What the server says of a spec before anything is computed.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import { Problem, type Finding } from "../../api/problem";
import type { Spec } from "./edit";

export interface Size {
  channels: string[];
  geos: string[];
  periods: number;
  spacing: string;
  first: string;
  last: string;
  observations: number;
  parameters: number;
  observations_per_parameter: number;
  draws: number;
  posterior_bytes: number;
}

export interface Check {
  ok: boolean;
  findings: Finding[];
  size: Size | null;
}

export function useCheck(dataset: string, spec: Spec) {
  return useQuery({
    queryKey: ["check", dataset, JSON.stringify(spec)],
    queryFn: () => check(dataset, spec),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: false,
  });
}

/** A spec that cannot be read is an answer like any other: its faults stand beside the fields. */
async function check(dataset: string, spec: Spec): Promise<Check> {
  try {
    const { ok, findings, facts } = await ask(api.POST("/api/v1/specs/check", { body: { dataset, spec } }));
    return { ok, findings, size: (facts ?? null) as Size | null };
  } catch (error) {
    if (error instanceof Problem && error.findings.length > 0)
      return { ok: false, findings: error.findings, size: null };
    throw error;
  }
}
