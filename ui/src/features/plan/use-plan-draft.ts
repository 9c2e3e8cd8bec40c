// A plan that is made by hand, kept by the server while it is made.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { Content } from "../kit/draft-state";
import { moment } from "../kit/moment";
import { useKept } from "../kit/use-kept";

interface Plan {
  level?: Record<string, number>;
  locked?: string[];
  periods?: number;
  kept?: Record<string, Record<string, number>>;
}

/** The parts of an address that make the plan; undefined where nothing was planned yet. */
export function planIn({ level, locked, periods, kept }: Plan): Content | undefined {
  const parts = Object.entries({ level, locked, periods, kept }).filter(([, part]) => part !== undefined);
  const isPlanned = level !== undefined || kept !== undefined;
  return isPlanned ? Object.fromEntries(parts) : undefined;
}

export function usePlanDraft(fit: string) {
  const search = useSearch({ from: "/plan/$id/simulate" });
  const navigate = useNavigate({ from: "/plan/$id/simulate" });
  // The draft that the page was filled from, or that it filled; from then on an empty page is an empty plan.
  const [opened, setOpened] = useState<string>();
  const isOpen = search.draft !== undefined && opened === search.draft;
  const content = planIn(search) ?? (isOpen ? {} : undefined);
  const keeping = useKept({
    kind: "plan",
    subject: fit,
    name: `Plan of ${moment(new Date().toISOString())}`,
    id: search.draft,
    content,
    onKept: (draft) => void navigate({ search: (now) => ({ ...now, draft }), replace: true }),
  });
  const take = (content: Content) =>
    void navigate({ search: ({ theme, draft }) => ({ ...(theme && { theme }), ...content, draft }), replace: true });
  const { known } = keeping;
  if (known && !isOpen) setOpened(known.id);
  const filled = useRef<string>(undefined);
  useEffect(() => {
    if (!known || filled.current === known.id) return;
    filled.current = known.id;
    if (planIn(search) === undefined) take(known.content);
  });
  return { keeping, mine: content ?? {}, take };
}
