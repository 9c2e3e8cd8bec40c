// What is odd about the data, the worst first, each with what can be done, and what was asked to be done.
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Finding } from "../../api/problem";
import { count } from "../../lib/numbers";
import { Spoken } from "../../components/spoken";
import { sentence } from "../../lib/spoken";
import { asked, including, isMended, offers, without, type Repairs } from "./repairs";

const order = ["error", "attention", "warning", "info"];
const titles: Record<string, string> = { error: "Must be mended", attention: "Look at this", info: "Good to know" };
const colours: Record<string, string> = { error: "red", attention: "orange", info: "blue" };

interface Facts {
  periods: number;
  spacing: string;
  first: string;
  last: string;
  parameters: number;
  channels: string[];
  observations_per_parameter: number;
}

export function Findings({ findings, facts }: { findings: Finding[]; facts: unknown }) {
  const { repairs = {} } = useSearch({ from: "/data/$id" });
  const navigate = useNavigate({ from: "/data/$id" });
  const put = (repairs: Repairs) => void navigate({ search: (now) => ({ ...now, repairs }), replace: true });
  const seen = new Set<string>();
  const left = findings.filter(({ code }) => !isMended(code, repairs));
  const once = left.filter(({ code, detail }) => !seen.has(code + detail) && seen.add(code + detail));
  const sorted = once.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  return (
    <Stack gap="sm">
      {isFacts(facts) && (
        <Text>
          {count(facts.periods)} periods ({facts.spacing}), {facts.first} to {facts.last}; {facts.channels.length}{" "}
          channels. There are {facts.observations_per_parameter.toFixed(1)} observations for each of the{" "}
          {facts.parameters} numbers to be learnt.
        </Text>
      )}
      {asked(repairs).map((repair) => (
        <Group key={repair.option} gap="xs">
          <Text>Asked for: {repair.label}.</Text>
          <Button size="compact-sm" variant="default" onClick={() => put(without(repairs, repair))}>
            Undo
          </Button>
        </Group>
      ))}
      {sorted.length === 0 && <Text>Nothing stands against a run.</Text>}
      {sorted.map(({ severity, code, detail, hint, column, row }, k) => (
        <Alert key={k} color={colours[severity] ?? "orange"} title={titles[severity] ?? severity}>
          <Text size="sm">
            {column && <strong>{column}: </strong>}
            <Spoken text={detail} />
            {row !== null && row !== undefined && ` (row ${row})`}
          </Text>
          {hint && (
            <Text size="sm">
              <Spoken text={sentence(hint)} />
            </Text>
          )}
          {/* Many rows may have one fault: it is mended for all of them, so it is offered once. */}
          {sorted.findIndex((other) => other.code === code) === k && offers(code).length > 0 && (
            <Group gap="xs" mt="xs">
              {offers(code).map((repair) => (
                <Button
                  key={repair.value}
                  size="compact-sm"
                  variant="default"
                  onClick={() => put(including(repairs, repair))}
                >
                  {repair.label}
                </Button>
              ))}
            </Group>
          )}
        </Alert>
      ))}
    </Stack>
  );
}

const isFacts = (facts: unknown): facts is Facts =>
  typeof facts === "object" && facts !== null && "observations_per_parameter" in facts;
