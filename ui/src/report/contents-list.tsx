// The contents beside the page, with the switch of light and dark and the way to paper.
import { useEffect, useState, type MouseEvent } from "react";
import type { Theme } from "../charts/kit/look";
import { placeOfAddress } from "../components/theme";
import { inputs, questions } from "./contents";

const places = [
  { id: "answer", title: "The answer" },
  ...questions,
  { id: "analysis", title: "For analysts" },
  inputs,
  { id: "method", title: "How it was made" },
  { id: "limits", title: "What this cannot tell" },
  { id: "glossary", title: "Words" },
];

interface Props {
  theme: Theme;
  onTheme: (theme: "light" | "dark") => void;
}

export function ContentsList({ theme, onTheme }: Props) {
  const here = useHere();
  const other = theme === "dark" ? "light" : "dark";

  function go(event: MouseEvent, id: string): void {
    event.preventDefault();
    const chosen = /;?theme=\w+/.exec(location.hash)?.[0].replace(/^;?/, ";") ?? "";
    history.pushState(null, "", `#${id}${chosen}`);
    show(id);
  }

  return (
    <nav className="contents" aria-label="Contents">
      <ol>
        {places.map(({ id, title }) => (
          <li key={id}>
            <a href={`#${id}`} aria-current={here === id ? "true" : undefined} onClick={(event) => go(event, id)}>
              {title}
            </a>
          </li>
        ))}
      </ol>
      <div className="switches">
        <button type="button" className="quiet" onClick={() => onTheme(other)}>
          {other === "dark" ? "Dark" : "Light"}
        </button>
        <button type="button" className="quiet" onClick={() => print()}>
          Print
        </button>
      </div>
    </nav>
  );
}

function show(id: string): void {
  const target = document.getElementById(id);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  for (let fold = target?.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null)
    fold.open = true;
  target?.scrollIntoView({ behavior: calm ? "auto" : "smooth" });
}

/** The chapter that is being read. */
function useHere(): string {
  const [here, setHere] = useState("answer");
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => setHere(entry.target.id)),
      { rootMargin: "-10% 0px -80% 0px" },
    );
    for (const { id } of places) {
      const section = document.getElementById(id);
      if (section) observer.observe(section);
    }
    const back = () => show(placeOfAddress());
    addEventListener("popstate", back);
    if (placeOfAddress()) back();
    return () => {
      observer.disconnect();
      removeEventListener("popstate", back);
    };
  }, []);
  return here;
}
