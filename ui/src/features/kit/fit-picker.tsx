// Which run a page is about.
import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { fits } from "../../api/queries";

export function FitPicker({ id, onChange }: { id: string; onChange: (id: string) => void }) {
  const { data = [] } = useQuery(fits);
  const done = data.filter(({ state }) => state === "succeeded");
  return (
    <NativeSelect
      aria-label="Run"
      value={id}
      data={done.map(({ id, name, created }) => ({
        value: id,
        label: `${name} · ${created.slice(0, 16).replace("T", " ")}`,
      }))}
      onChange={({ currentTarget: { value } }) => onChange(value)}
    />
  );
}
