// Whether the page is being printed: then charts are pictures in light colours, and what was folded is open.
import { createContext, useEffect, useState } from "react";
import { flushSync } from "react-dom";

export const PrintingContext = createContext(false);

export function usePrinting(): boolean {
  const [printing, setPrinting] = useState(() => matchMedia("print").matches);
  useEffect(() => {
    const begin = () => flushSync(() => setPrinting(true));
    const end = () => setPrinting(false);
    const query = matchMedia("print");
    const follow = () => (query.matches ? begin() : end());
    addEventListener("beforeprint", begin);
    addEventListener("afterprint", end);
    query.addEventListener("change", follow);
    return () => {
      removeEventListener("beforeprint", begin);
      removeEventListener("afterprint", end);
      query.removeEventListener("change", follow);
    };
  }, []);
  return printing;
}
