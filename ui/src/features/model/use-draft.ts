// The spec on the page: what was proposed for the data, or what stands in the address once something was changed.
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Spec } from "./edit";

export interface Draft {
  spec: Spec;
  isChanged: boolean;
  change: (next: Spec) => void;
  reset: () => void;
}

/** Every change is a step of its own in the browser's history, so Back undoes it. */
export function useDraft(proposed: Spec): Draft {
  const search = useSearch({ from: "/model/$id" });
  const navigate = useNavigate({ from: "/model/$id" });
  const changed = search.spec as Spec | undefined;
  return {
    spec: changed ?? proposed,
    isChanged: changed !== undefined,
    change: (spec) => void navigate({ search: (now) => ({ ...now, spec }), resetScroll: false }),
    reset: () => void navigate({ search: (now) => ({ ...now, spec: undefined }), resetScroll: false }),
  };
}
