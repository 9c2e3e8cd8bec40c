// The frame of both ways to plan.
import { NumberInput, Tabs } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { FitPicker } from "../kit/fit-picker";
import { Page } from "../kit/page";
import { usualPeriods } from "./answers";

interface Props {
  id: string;
  way: "simulate" | "optimise" | "frontier";
  /** What the plan covers, where that can be chosen. */
  periods?: number;
  children: ReactNode;
}

export function Frame({ id, way, periods, children }: Props) {
  const navigate = useNavigate();
  const search = periods === undefined ? {} : { periods };
  function go(id: string, way: string | null): void {
    if (way === "optimise") void navigate({ to: "/plan/$id/optimise", params: { id }, search });
    else if (way === "frontier") void navigate({ to: "/plan/$id/frontier", params: { id } });
    else void navigate({ to: "/plan/$id/simulate", params: { id }, search });
  }
  return (
    <Page title="Plan" actions={<FitPicker id={id} onChange={(id) => go(id, way)} />}>
      <Tabs value={way} onChange={(way) => go(id, way)} keepMounted={false}>
        <Tabs.List mb="lg">
          <Tabs.Tab value="simulate">Simulate</Tabs.Tab>
          <Tabs.Tab value="optimise">Optimise</Tabs.Tab>
          <Tabs.Tab value="frontier">More or less money</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={way}>
          {periods !== undefined && <Stretch periods={periods} />}
          {children}
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Stretch({ periods }: { periods: number }) {
  const navigate = useNavigate();
  const put = (periods: number) =>
    void navigate({ to: ".", search: (now: object) => ({ ...now, periods }), replace: true });
  return (
    <NumberInput
      label="Periods the plan covers"
      description="Weeks where the data are weekly"
      min={1}
      max={520}
      allowDecimal={false}
      maw={220}
      mb="lg"
      value={periods}
      onChange={(value) => put(typeof value === "number" && value >= 1 ? value : usualPeriods)}
    />
  );
}
