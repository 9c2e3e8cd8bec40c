// Light or dark: as the system has it, until the reader chooses. The choice lives in the address, nothing is stored.
import { createContext, useEffect, useState } from "react";
import { tokens, type Theme } from "../charts/kit/look";

export const ThemeContext = createContext<Theme>("light");

type Choice = "light" | "dark";

export function useTheme(printing: boolean): [Theme, (choice: Choice) => void] {
  const [system, setSystem] = useState<Choice>(ofSystem);
  const [choice, setChoice] = useState<Choice | null>(ofAddress);
  const theme: Theme = printing ? "print" : (choice ?? system);

  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => setSystem(ofSystem());
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, []);

  useEffect(() => {
    const root = document.documentElement;
    root.style.colorScheme = theme === "dark" ? "dark" : "light";
    for (const [name, colour] of Object.entries(tokens({ theme }))) root.style.setProperty(`--${name}`, colour);
  }, [theme]);

  function choose(next: Choice): void {
    setChoice(next);
    history.replaceState(null, "", `#${[placeOfAddress(), `theme=${next}`].filter(Boolean).join(";")}`);
  }
  return [theme, choose];
}

/** "#returns;theme=dark" → "returns" */
export function placeOfAddress(): string {
  return (
    location.hash
      .slice(1)
      .split(";")
      .find((part) => part && !part.includes("=")) ?? ""
  );
}

function ofAddress(): Choice | null {
  const found = /(?:^#|;)theme=(light|dark)\b/.exec(location.hash)?.[1];
  return found === "light" || found === "dark" ? found : null;
}

function ofSystem(): Choice {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
