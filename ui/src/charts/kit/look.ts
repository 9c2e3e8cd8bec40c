// How a chart is to look: theme, size and what the reader chose.

export type Theme = "light" | "dark" | "print";

export interface Look {
  theme: Theme;
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
  /** Whether a reader can point and zoom; else the chart is a picture. */
  interactive: boolean;
  /** One panel alone, by name. */
  channel?: string | undefined;
  /** day, week, month, quarter, year. */
  grain?: string | undefined;
}

/** What a reader may choose. */
export interface Choices {
  channel?: string[];
  grain?: string[];
}

export interface Tokens {
  paper: string;
  ink: string;
  soft: string;
  line: string;
  wash: string;
  ghost: string;
  accent: string;
  good: string;
  warn: string;
  bad: string;
  baseline: string;
  control: string;
}

const light: Tokens = {
  paper: "#ffffff",
  ink: "#1b2430",
  soft: "#55606e",
  line: "#e1e5ea",
  wash: "#f2f4f7",
  ghost: "#7d8894",
  accent: "#0b5c8f",
  good: "#0a7350",
  warn: "#8a5a00",
  bad: "#b3261e",
  baseline: "#85919e",
  control: "#a08a6c",
};

const dark: Tokens = {
  paper: "#14181d",
  ink: "#e8ecf1",
  soft: "#a7b1bd",
  line: "#2d343d",
  wash: "#1d232a",
  ghost: "#7f8a97",
  accent: "#62b6ea",
  good: "#45c290",
  warn: "#e0b04a",
  bad: "#ff8f86",
  baseline: "#76828f",
  control: "#a8916f",
};

export function tokens(look: Pick<Look, "theme">): Tokens {
  return look.theme === "dark" ? dark : light;
}
