// The spec on the page: what was proposed for the data, what a draft says, or what stands in the address once something was
// changed.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { sameContent } from "../kit/draft-state";
import { useKept, type Keeping } from "../kit/use-kept";
import type { Spec } from "./edit";

export interface Draft {
  spec: Spec;
  isChanged: boolean;
  change: (next: Spec) => void;
  reset: () => void;
}

interface Data {
  id: string;
  name: string;
}

/** Every change is a step of its own in the browser's history, so Back undoes it; the draft follows. */
export function useDraft(data: Data, proposed: Spec): { draft: Draft; keeping: Keeping } {
  const search = useSearch({ from: "/model/$id" });
  const navigate = useNavigate({ from: "/model/$id" });
  const changed = search.spec as Spec | undefined;
  const keeping = useKept({
    kind: "spec",
    subject: data.id,
    name: `Model for ${data.name}`,
    id: search.draft,
    content: changed as Record<string, unknown> | undefined,
    onKept: (draft) => void navigate({ search: (now) => ({ ...now, draft }), replace: true, resetScroll: false }),
  });
  const kept = keeping.known?.content as Spec | undefined;
  const spec = changed ?? kept ?? proposed;
  const put = (spec: Spec | undefined) => void navigate({ search: (now) => ({ ...now, spec }), resetScroll: false });
  return {
    keeping,
    draft: {
      spec,
      isChanged: !sameContent(spec, proposed),
      change: put,
      // A draft that is open goes back to the proposal too.
      reset: () => put(keeping.known ? proposed : undefined),
    },
  };
}
