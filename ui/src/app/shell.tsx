// The frame of all pages: rail, switch of the theme, login where it is needed.
import { ActionIcon, AppShell, Burger, Button, Group, Text } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useCallback, useEffect, useRef } from "react";
import { Problem } from "../api/problem";
import { session } from "../api/queries";
import { Login } from "../features/kit/login";
import { Page } from "../features/kit/page";
import { Pane } from "../features/kit/pane";
import { Look } from "./look";
import { Rail, type Place } from "./rail";
import { Shortcuts } from "./shortcuts";
import { ThemeSwitch } from "./theme-switch";

/** Where there is no room for the rail beside the page. */
const narrow = "(max-width: 47.99em)";

export function Shell() {
  const [opened, { toggle, close }] = useDisclosure();
  const [helping, help] = useDisclosure();
  const isNarrow = useMediaQuery(narrow, false, { getInitialValueInEffect: false });
  const button = useRef<HTMLButtonElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const place: Place = !isNarrow ? "beside" : opened ? "over" : "away";
  const next = useRef<HTMLElement>(null);
  const chosen = useCallback(() => {
    next.current = document.getElementById("main");
    close();
  }, [close]);
  useEffect(chosen, [path, chosen]);
  useEffect(() => {
    if (place !== "over") return;
    next.current = button.current;
    return () => next.current?.focus();
  }, [place]);
  return (
    <Look>
      <a className="skip" href="#main" onClick={skip}>
        Skip to the page
      </a>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 208, breakpoint: "sm", collapsed: { mobile: !opened } }}
        padding="lg"
        transitionDuration={0}
      >
        <AppShell.Header px="md">
          <Group h="100%" justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <Burger
                ref={button}
                opened={opened}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label="Menu"
                aria-expanded={opened}
                aria-controls="rail"
              />
              <Text className="brand">Wanamaker</Text>
            </Group>
            <Group gap="xs" wrap="nowrap">
              <ActionIcon variant="default" size="lg" aria-label="Keyboard shortcuts" onClick={help.open}>
                ?
              </ActionIcon>
              <ThemeSwitch />
            </Group>
          </Group>
        </AppShell.Header>
        <Rail place={place} onChoose={chosen} onLeave={close} />
        <AppShell.Main id="main" tabIndex={-1} inert={place === "over"}>
          <Guarded />
        </AppShell.Main>
      </AppShell>
      <Shortcuts opened={helping} onOpen={help.open} onClose={help.close} />
    </Look>
  );
}

/** The page, or a login where the server asks who is there. */
function Guarded() {
  const query = useQuery(session);
  if (query.error instanceof Problem && query.error.status === 401) return <Login />;
  return <Pane query={query}>{() => <Outlet />}</Pane>;
}

function skip(event: React.MouseEvent): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

export function NotFound() {
  return (
    <Page title="There is no such page" lead="The address may be mistyped, or what stood here was removed.">
      <div>
        <Button renderRoot={(props) => <Link to="/" {...props} />}>Go home</Button>
      </div>
    </Page>
  );
}
