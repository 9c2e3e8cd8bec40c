// How much of today's spend each channel gets. It stands in the address; steps can be taken back.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";

type All = Record<string, number>;

export interface Levels {
  of: (channel: string) => number;
  isLocked: (channel: string) => boolean;
  set: (channel: string, level: number) => void;
  toggleLock: (channel: string) => void;
  reset: () => void;
  undo: (() => void) | undefined;
}

export function useLevels(): Levels {
  const { level = {}, locked = [] } = useSearch({ from: "/plan/$id/simulate" });
  const navigate = useNavigate({ from: "/plan/$id/simulate" });
  const [past, setPast] = useState<All[]>([]);
  const last = useRef({ channel: "", at: 0 });
  const put = (part: object) => void navigate({ search: (now) => ({ ...now, ...part }), replace: true });

  function remember(channel: string): void {
    // One drag of a slider is one step.
    const isSame = last.current.channel === channel && Date.now() - last.current.at < 800;
    last.current = { channel, at: Date.now() };
    if (!isSame) setPast([...past, level].slice(-50));
  }

  return {
    of: (channel) => level[channel] ?? 1,
    isLocked: (channel) => locked.includes(channel),
    set(channel, share) {
      remember(channel);
      put({ level: { ...level, [channel]: share } });
    },
    toggleLock(channel) {
      put({ locked: locked.includes(channel) ? locked.filter((one) => one !== channel) : [...locked, channel] });
    },
    reset() {
      remember("");
      put({ level: Object.fromEntries(Object.entries(level).filter(([channel]) => locked.includes(channel))) });
    },
    undo: past.length === 0 ? undefined : undo,
  };

  function undo(): void {
    put({ level: past.at(-1) });
    setPast(past.slice(0, -1));
    last.current = { channel: "", at: 0 };
  }
}
