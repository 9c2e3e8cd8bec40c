// The frame of all ways to plan.
import { NumberInput, Tabs } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { FitPicker } from "../kit/fit-picker";
import { Page } from "../kit/page";
import { usualPeriods } from "./answers";

const ways = [
  { way: "simulate", label: "Simulate", to: "/plan/$id/simulate" },
  { way: "optimise", label: "Optimise", to: "/plan/$id/optimise" },
  { way: "scenarios", label: "Scenarios", to: "/plan/$id/scenarios" },
  { way: "frontier", label: "Other budgets", to: "/plan/$id/frontier" },
] as const;

interface Props {
  id: string;
  way: (typeof ways)[number]["way"];
  /** Left out where it makes no difference. */
  periods?: number;
  children: ReactNode;
}

export function Frame({ id, way, periods, children }: Props) {
  const navigate = useNavigate();
  function go(id: string, name: string | null): void {
    const { to } = ways.find(({ way }) => way === name) ?? ways[0];
    void navigate({ to, params: { id }, search: periods === undefined ? {} : { periods } });
  }
  const stretch = (periods: number) =>
    void navigate({ to: ".", search: (now: object) => ({ ...now, periods }), replace: true });
  return (
    <Page title="Plan" actions={<FitPicker id={id} onChange={(id) => go(id, way)} />}>
      <Tabs value={way} onChange={(way) => go(id, way)} keepMounted={false}>
        <Tabs.List mb="lg">
          {ways.map(({ way, label }) => (
            <Tabs.Tab key={way} value={way}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={way}>
          {periods !== undefined && (
            <NumberInput
              label="Periods the plan covers"
              description="Weeks where the data are weekly"
              min={1}
              max={520}
              allowDecimal={false}
              maw={220}
              mb="lg"
              value={periods}
              onChange={(value) => stretch(typeof value === "number" && value >= 1 ? value : usualPeriods)}
            />
          )}
          {children}
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
