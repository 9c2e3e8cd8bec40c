// How much money, what for, and how far from today.
import { Group, NativeSelect } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { percent } from "../../lib/numbers";
import { AmountField } from "./amount-field";

const objectives = [
  { value: "mean", label: "as much as possible on average" },
  { value: "quantile", label: "as much as possible in bad cases too" },
  { value: "profit", label: "as much profit as possible" },
];
const changes = [0.1, 0.2, 0.3, 0.5, 1];

export function Wishes({ today }: { today: number | undefined }) {
  const { budget, target, change = 0.3, objective = "mean" } = useSearch({ from: "/plan/$id/optimise" });
  const navigate = useNavigate({ from: "/plan/$id/optimise" });
  const put = (part: object) => void navigate({ search: (now) => ({ ...now, ...part }) });
  const money = target !== undefined ? "target" : budget !== undefined ? "budget" : "today";
  const moneyChosen = {
    today: { budget: undefined, target: undefined },
    budget: { budget: Math.round(today ?? 0), target: undefined },
    target: { budget: undefined, target: 1 },
  };
  return (
    <Group align="flex-end" mb="md">
      <NativeSelect
        label="Money"
        value={money}
        data={[
          { value: "today", label: "as much as today" },
          { value: "budget", label: "this budget" },
          { value: "target", label: "as much as keeps a return" },
        ]}
        onChange={({ currentTarget: { value } }) => put(moneyChosen[value as keyof typeof moneyChosen])}
      />
      {money === "budget" && (
        <AmountField label="Budget over all periods" w={180} value={budget} onChange={(budget) => put({ budget })} />
      )}
      {money === "target" && (
        <AmountField label="Return per unit of money" w={180} value={target} onChange={(target) => put({ target })} />
      )}
      <NativeSelect
        label="Should bring"
        data={objectives}
        value={objective}
        onChange={({ currentTarget: { value } }) => put({ objective: value })}
      />
      <NativeSelect
        label="A channel may change by"
        data={changes.map((share) => ({ value: String(share), label: `± ${percent(share)}` }))}
        value={String(change)}
        onChange={({ currentTarget: { value } }) => put({ change: Number(value) })}
      />
    </Group>
  );
}
