// Light or dark: as the system has it, until the address says otherwise.
import { MantineProvider, createTheme } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { useEffect, useSyncExternalStore, type ReactNode } from "react";
import { tokens, type Theme } from "../charts/kit/look";
import { ThemeContext } from "../components/theme";

const theme = createTheme({
  primaryColor: "blue",
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  fontFamily: 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif',
  headings: { fontFamily: '"Iowan Old Style", "Palatino Linotype", Palatino, Charter, Georgia, ui-serif, serif' },
  components: {
    Slider: { defaultProps: { thumbSize: 26 } },
    // The colour of an alert says how bad it is; in orange on orange its title could not be read.
    Alert: { styles: { label: { color: "var(--mantine-color-text)" } } },
  },
});

const nonce = document.querySelector<HTMLElement>("meta[property=csp-nonce]")?.nonce ?? "";
const system = matchMedia("(prefers-color-scheme: dark)");

export function Look({ children }: { children: ReactNode }) {
  const search = useSearch({ strict: false });
  const isSystemDark = useSyncExternalStore(
    (changed) => {
      system.addEventListener("change", changed);
      return () => system.removeEventListener("change", changed);
    },
    () => system.matches,
  );
  const look: Theme = search.theme ?? (isSystemDark ? "dark" : "light");
  useEffect(() => {
    for (const [name, colour] of Object.entries(tokens({ theme: look })))
      document.documentElement.style.setProperty(`--${name}`, colour);
  }, [look]);
  return (
    <MantineProvider theme={theme} forceColorScheme={look === "dark" ? "dark" : "light"} getStyleNonce={() => nonce}>
      <ThemeContext value={look}>{children}</ThemeContext>
    </MantineProvider>
  );
}
