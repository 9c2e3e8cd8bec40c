// The frame of all pages: rail, switch of the theme, login where it is needed.
import { ActionIcon, AppShell, Burger, Button, Group, NavLink, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { Problem } from "../api/problem";
import { session } from "../api/queries";
import { Login } from "../features/kit/login";
import { Page } from "../features/kit/page";
import { Pane } from "../features/kit/pane";
import { Icon, type IconName } from "./icons";
import { Look } from "./look";
import { Shortcuts } from "./shortcuts";
import { ThemeSwitch } from "./theme-switch";

export const rail = [
  { to: "/", label: "Home", icon: "home", key: "h" },
  { to: "/data", label: "Data", icon: "data", key: "d" },
  { to: "/model", label: "Model", icon: "model", key: "m" },
  { to: "/runs", label: "Runs", icon: "runs", key: "u" },
  { to: "/results", label: "Results", icon: "results", key: "r" },
  { to: "/plan", label: "Plan", icon: "plan", key: "p" },
  { to: "/reports", label: "Reports", icon: "reports", key: "e" },
  { to: "/settings", label: "Settings", icon: "settings", key: "s" },
] as const satisfies readonly { to: string; label: string; icon: IconName; key: string }[];

export function Shell() {
  const [opened, { toggle, close }] = useDisclosure();
  const [helping, help] = useDisclosure();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(close, [path, close]);
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
                opened={opened}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label="Menu"
                aria-expanded={opened}
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
        <AppShell.Navbar p="xs" aria-label="Pages" className={opened ? undefined : "closed"}>
          {rail.map(({ to, label, icon }) => (
            <NavLink
              key={to}
              renderRoot={(props) => <Link to={to} {...props} />}
              label={label}
              leftSection={<Icon name={icon} />}
              active={to === "/" ? path === "/" : path.startsWith(to)}
            />
          ))}
        </AppShell.Navbar>
        <AppShell.Main id="main" tabIndex={-1}>
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
