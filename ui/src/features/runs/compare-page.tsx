// Two runs side by side: what differs in the model, how well each fits, what each says channels earn.
import { Table, Text, Title } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { fit, report } from "../../api/queries";
import type { Report } from "../../api/report";
import { figure, known, percent, range } from "../../lib/numbers";
import { Page } from "../kit/page";
import { Pane } from "../kit/pane";
import { differences } from "../../lib/differences";
import { Wide } from "../kit/wide";

const exhibits = ["accuracy", "channels"];
type Two<T> = [T, T];

export function ComparePage() {
  const { a = "", b = "" } = useSearch({ from: "/runs/compare" });
  const [fitA, fitB] = useQueries({ queries: [fit(a), fit(b)] });
  const [reportA, reportB] = useQueries({ queries: [report(a, exhibits), report(b, exhibits)] });
  return (
    <Page title="Two runs side by side">
      <Pane query={reportA}>
        {(one) => (
          <Pane query={reportB}>
            {(other) => (
              <Figures titles={[fitA.data?.name ?? "First", fitB.data?.name ?? "Second"]} reports={[one, other]} />
            )}
          </Pane>
        )}
      </Pane>
      <Pane query={fitA}>{(first) => <Pane query={fitB}>{(second) => <Specs fits={[first, second]} />}</Pane>}</Pane>
    </Page>
  );
}

function Specs({ fits: [a, b] }: { fits: Two<Schemas["FitView"]> }) {
  const all = differences(a.spec, b.spec);
  return (
    <section>
      <Title order={2} mb="sm">
        What differs in the model
      </Title>
      {all.length === 0 ? (
        <Text>Nothing: both were asked for the same model{a.dataset === b.dataset ? " of the same data" : ""}.</Text>
      ) : (
        <Sheet heads={["Setting", a.name, b.name]} rows={all.map(({ path, a, b }) => [path, a, b])} />
      )}
    </section>
  );
}

function Figures({ titles, reports }: { titles: Two<string>; reports: Two<Report> }) {
  const names = [...new Set(reports.flatMap((one) => one.about.channels.map(({ name }) => name)))];
  return (
    <>
      <section>
        <Title order={2} mb="sm">
          How well each fits
        </Title>
        <Sheet
          heads={["", ...titles]}
          rows={[
            ["Explained (R²)", ...reports.map(explained)],
            ["Off by, on average", ...reports.map(off)],
          ]}
        />
      </section>
      <section>
        <Title order={2} mb="sm">
          What each channel earned per unit of money
        </Title>
        <Sheet heads={["Channel", ...titles]} rows={names.map((name) => [name, ...reports.map(earned(name))])} />
      </section>
    </>
  );
}

const training = ({ exhibits: { accuracy } }: Report) => accuracy?.rows.find(({ window }) => window === "training");
const explained = (one: Report) => figure(training(one)?.r_squared);
const off = (one: Report) => percentage(training(one)?.mape);

/** A figure that already is per cent. */
const percentage = (x: number | null | undefined) => (known(x) ? percent(x / 100) : figure(x));

function earned(name: string) {
  return (one: Report): string => {
    const roas = one.exhibits.channels?.rows.find((row) => row.name === name)?.roas;
    return roas ? `${figure(roas.mean)} (${range(roas.lower, roas.upper)})` : "–";
  };
}

function Sheet({ heads, rows }: { heads: string[]; rows: string[][] }) {
  return (
    <Wide label="Comparison">
      <Table>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head, k) => (
              <Table.Th key={k}>{head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row[0]}>
              {row.map((cell, k) => (
                <Table.Td key={k}>{cell}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}
