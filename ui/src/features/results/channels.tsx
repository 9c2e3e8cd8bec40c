// One channel at a time; the arrow keys go to its neighbours.
import { ActionIcon, Group, NativeSelect, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { report } from "../../api/queries";
import type { Report } from "../../api/report";
import { exhibitsOf } from "../kit/charts";
import { Pane } from "../kit/pane";
import { ChannelCharts } from "./channel-charts";
import { ChannelFacts } from "./channel-facts";

const names = ["curves", "marginal", "carry-over", "saturation", "beliefs", "spend"];
const exhibits = [...exhibitsOf(names), "channels"];

export function Channels({ id }: { id: string }) {
  return (
    <Pane query={useQuery(report(id, exhibits))} height={480}>
      {(found) => <One report={found} />}
    </Pane>
  );
}

function One({ report }: { report: Report }) {
  const { channel } = useSearch({ from: "/results/$id/$tab" });
  const navigate = useNavigate();
  const all = report.about.channels.map(({ name }) => name);
  const at = Math.max(0, all.indexOf(channel ?? ""));
  const name = all[at] ?? "";
  const before = all.at(at - 1) ?? name;
  const after = all[(at + 1) % all.length] ?? name;

  useEffect(() => {
    const go = (channel: string) =>
      void navigate({ to: ".", search: (now: object) => ({ ...now, channel }), replace: true });
    function pressed(event: KeyboardEvent): void {
      const isFree =
        event.target === document.body || (event.target instanceof HTMLElement && event.target.id === "main");
      if (isFree && event.key === "ArrowLeft") go(before);
      if (isFree && event.key === "ArrowRight") go(after);
    }
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [navigate, before, after]);

  const choose = (channel: string) => void navigate({ to: ".", search: (now: object) => ({ ...now, channel }) });
  return (
    <>
      <Group mb="lg" gap="xs">
        <ActionIcon variant="default" size="lg" aria-label="Channel before" onClick={() => choose(before)}>
          ←
        </ActionIcon>
        <NativeSelect
          aria-label="Channel"
          data={all}
          value={name}
          onChange={({ currentTarget: { value } }) => choose(value)}
        />
        <ActionIcon variant="default" size="lg" aria-label="Channel after" onClick={() => choose(after)}>
          →
        </ActionIcon>
        <Text className="soft" size="sm">
          {at + 1} of {all.length}
        </Text>
      </Group>
      <ChannelFacts name={name} report={report} />
      <ChannelCharts names={names} channel={name} report={report} />
    </>
  );
}
