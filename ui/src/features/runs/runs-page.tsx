// All runs; two of them can be compared.
import { Button, Checkbox, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { fits } from "../../api/queries";
import { Page } from "../kit/page";
import { Pane } from "../kit/pane";
import { RunsTable } from "../kit/runs-table";

export function RunsPage() {
  const [chosen, setChosen] = useState<string[]>([]);
  const [a, b] = chosen;
  const toggle = (id: string) =>
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-2));
  return (
    <Page
      title="Runs"
      lead="A run is one model learnt from one dataset. It never changes afterwards."
      actions={
        <Button
          variant="default"
          disabled={!b}
          renderRoot={a && b ? (props) => <Link to="/runs/compare" search={{ a, b }} {...props} /> : undefined}
        >
          Compare two runs
        </Button>
      }
    >
      <Pane query={useQuery(fits)} isEmpty={(all) => all.length === 0} empty={<Nothing />}>
        {(all) => (
          <RunsTable
            runs={all}
            acts={({ id, name, state }) =>
              state === "succeeded" && (
                <Group gap="md" wrap="nowrap">
                  <Checkbox
                    label="Compare"
                    aria-label={`Compare ${name}`}
                    checked={chosen.includes(id)}
                    onChange={() => toggle(id)}
                  />
                  <Button
                    size="compact-sm"
                    variant="default"
                    renderRoot={(props) => <Link to="/results/$id/$tab" params={{ id, tab: "overview" }} {...props} />}
                  >
                    Results
                  </Button>
                </Group>
              )
            }
          />
        )}
      </Pane>
    </Page>
  );
}

function Nothing() {
  return (
    <Text className="soft">
      No run yet. Open a dataset under <Link to="/data">Data</Link> and start one.
    </Text>
  );
}
