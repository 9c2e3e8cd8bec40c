// How finely the plan is cut: by channel or by channel and region, and when the money is spent.
import { Group, NativeSelect } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";

const cuts = [
  { value: "channel", label: "by channel" },
  { value: "geo", label: "by channel and region" },
];
const rhythms = [
  { value: "even", label: "evenly" },
  { value: "historic", label: "in the rhythm of the last periods" },
];

export function Split({ hasRegions }: { hasRegions: boolean }) {
  const { by, rhythm } = useSearch({ from: "/plan/$id/optimise" });
  const navigate = useNavigate({ from: "/plan/$id/optimise" });
  const put = (part: object) => void navigate({ search: (now) => ({ ...now, ...part }) });
  return (
    <Group align="flex-end" mb="md">
      {hasRegions && (
        <NativeSelect
          label="Plan"
          data={cuts}
          value={by ?? "channel"}
          onChange={({ currentTarget: { value } }) =>
            put({ by: value === "geo" ? value : undefined, region: undefined })
          }
        />
      )}
      <NativeSelect
        label="Spend the money"
        data={rhythms}
        value={rhythm ?? "even"}
        onChange={({ currentTarget: { value } }) => put({ rhythm: value === "historic" ? value : undefined })}
      />
    </Group>
  );
}
