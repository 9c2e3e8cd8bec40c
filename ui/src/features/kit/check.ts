// A spec held against its data.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, ask, type Schemas } from "../../api/client";

export function useCheck(dataset: string, spec: Schemas["ModelSpec"]) {
  const query = useQuery({
    queryKey: ["check", dataset, spec],
    queryFn: () => ask(api.POST("/api/v1/specs/check", { body: { dataset, spec } })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: false,
  });
  return { query, isReady: query.data?.ok === true && !query.isPlaceholderData };
}
