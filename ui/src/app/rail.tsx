// The rail with all pages. Where there is no room beside the page it lies over it, and holds the keys until it is closed.
import { AppShell, NavLink } from "@mantine/core";
import { useFocusTrap } from "@mantine/hooks";
import { Link, useRouterState } from "@tanstack/react-router";
import type { KeyboardEvent } from "react";
import { Icon, type IconName } from "./icons";

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

/** Beside the page, over it, or put away. */
export type Place = "beside" | "over" | "away";

interface Props {
  place: Place;
  /** A page was chosen. */
  onChoose: () => void;
  /** None was. */
  onLeave: () => void;
}

export function Rail({ place, onChoose, onLeave }: Props) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const trap = useFocusTrap(place === "over");
  const leave = ({ key }: KeyboardEvent) => place === "over" && key === "Escape" && onLeave();
  return (
    <AppShell.Navbar
      id="rail"
      ref={trap}
      p="xs"
      aria-label="Pages"
      className={place === "away" ? "closed" : undefined}
      inert={place === "away"}
      onKeyDown={leave}
    >
      {rail.map(({ to, label, icon }) => (
        <NavLink
          key={to}
          renderRoot={(props) => <Link to={to} {...props} />}
          label={label}
          onClick={onChoose}
          leftSection={<Icon name={icon} />}
          active={to === "/" ? path === "/" : path.startsWith(to)}
        />
      ))}
    </AppShell.Navbar>
  );
}
