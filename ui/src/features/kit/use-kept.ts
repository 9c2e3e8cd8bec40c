// What is edited on a page, kept by the server while it is edited. The page's address holds what is edited; a draft in the
// server's keeping follows it. Where both are known and differ, a person decides.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { drafts, keepDraft, readDraft, wishOf, writeDraft, type Draft, type DraftKind } from "../../api/drafts";
import { Problem } from "../../api/problem";
import { session } from "../../api/queries";
import { decide, sameContent, type Content } from "./draft-state";

/** How long nothing may change before it is saved. */
const rest = 700;

interface Edited {
  kind: DraftKind;
  /** The dataset or fit it is for. */
  subject: string;
  /** What a new draft is called. */
  name: string;
  /** The draft in the address. */
  id: string | undefined;
  /** What is on the page; undefined while nothing was changed. */
  content: Content | undefined;
  /** Puts the id of a new draft into the address. */
  onKept: (id: string) => void;
}

export interface Keeping {
  /** As the server last had it, as far as is known here. */
  known: Draft | undefined;
  state: "none" | "loading" | "saving" | "saved" | "waiting" | "conflict" | "failed";
  /** What the server has where it is not what this page was about to write over. */
  theirs: Draft | undefined;
  error: Error | null;
  rename: (name: string) => void;
  /** Ends a conflict: this page's version is written over the server's. */
  keepMine: () => void;
  /** Ends a conflict: the page shows the server's, which the caller has put into the address. */
  takeTheirs: () => void;
  /** Ends a conflict: this page's version becomes a draft of its own. */
  keepBoth: () => void;
}

export function useKept({ kind, subject, name, id, content, onKept }: Edited): Keeping {
  const client = useQueryClient();
  const who = useQuery(session);
  const mayWrite = who.data !== undefined && who.data.role !== "viewer";
  const [known, setKnown] = useState<Draft>();
  const [theirs, setTheirs] = useState<Draft>();
  const isKnown = id !== undefined && known?.id === id;
  const arrived = (draft: Draft) => {
    setKnown(draft);
    setTheirs(undefined);
    void client.invalidateQueries({ queryKey: drafts.queryKey });
  };

  const first = useQuery({
    queryKey: ["drafts", id, "first look"],
    queryFn: () => readDraft(id ?? ""),
    enabled: id !== undefined && !isKnown,
    gcTime: 0,
    retry: false,
  });
  const [looked, setLooked] = useState<Draft>();
  if (first.data && first.data !== looked && first.data.id === id && !isKnown) {
    setLooked(first.data);
    setKnown(first.data);
    setTheirs(content && !sameContent(content, first.data.content) ? first.data : undefined);
  }

  const save = useMutation({
    mutationFn: ({ over, wish }: { over: Draft; wish: Partial<Draft> }) =>
      writeDraft(over.id, over.revision, { ...wishOf(over), ...wish }),
    onSuccess: arrived,
    onError: async (error, { over }) => {
      if (error instanceof Problem && error.status === 412) setTheirs(await readDraft(over.id));
    },
  });
  const create = useMutation({
    mutationFn: (content: Content) => keepDraft({ name, kind, subject, content }),
    onSuccess: (draft) => {
      arrived(draft);
      onKept(draft.id);
    },
  });

  const isRefused =
    (save.isError && sameContent(save.variables.wish.content, content)) ||
    (create.isError && sameContent(create.variables, content));
  const act = decide({
    id,
    content,
    known,
    isConflict: theirs !== undefined,
    isBusy: save.isPending || create.isPending || isRefused,
    mayWrite,
  });
  const latest = useRef({ content, known, save, create, onKept });
  useEffect(() => {
    latest.current = { content, known, save, create, onKept };
  });
  const text = JSON.stringify(content);
  useEffect(() => {
    if (act === "rest") return;
    const timer = setTimeout(() => {
      const { content, known, save, create, onKept } = latest.current;
      if (act === "attach" && known) onKept(known.id);
      if (act === "write" && known && content) save.mutate({ over: known, wish: { content } });
      if (act === "create" && content) create.mutate(content);
    }, rest);
    return () => clearTimeout(timer);
  }, [act, text]);

  const failed = [save.error, create.error, first.error].find(
    (error) => error && !(error instanceof Problem && error.status === 412),
  );
  return {
    known: isKnown ? known : undefined,
    state: stateOf(),
    theirs,
    error: failed ?? null,
    rename: (name) => known && save.mutate({ over: known, wish: { name } }),
    keepMine: () => theirs && content && save.mutate({ over: theirs, wish: { content } }),
    takeTheirs: () => theirs && arrived(theirs),
    keepBoth: () => content && create.mutate(content),
  };

  function stateOf(): Keeping["state"] {
    if (theirs) return "conflict";
    if (save.isPending || create.isPending) return "saving";
    if (failed) return "failed";
    if (id === undefined) return act === "create" ? "waiting" : "none";
    if (!isKnown) return "loading";
    return act === "write" ? "waiting" : "saved";
  }
}
