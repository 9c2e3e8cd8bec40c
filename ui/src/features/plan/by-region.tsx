// The money of a plan by region; one region can be looked at alone.
import { NativeSelect, Table, Title } from "@mantine/core";
import { change, figure } from "../../lib/numbers";
import { Wide } from "../kit/wide";
import type { Plan } from "./answers";
import { moneyByRegion } from "./regions";

interface Props {
  plan: Plan;
  region: string | undefined;
  onRegion: (region: string | undefined) => void;
}

export function ByRegion({ plan, region, onRegion }: Props) {
  const regions = moneyByRegion(plan);
  return (
    <section>
      <Title order={2} mb="sm">
        By region
      </Title>
      <Wide label="The plan by region">
        <Table miw={420} maw={640}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Region</Table.Th>
              <Table.Th className="number">Today</Table.Th>
              <Table.Th className="number">Planned</Table.Th>
              <Table.Th className="number">Change</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {regions.map((one) => (
              <Table.Tr key={one.region}>
                <Table.Th scope="row">
                  <bdi>{one.region}</bdi>
                </Table.Th>
                <Table.Td className="number">{figure(one.today)}</Table.Td>
                <Table.Td className="number">{figure(one.planned)}</Table.Td>
                <Table.Td className="number">{change(one.change)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      <NativeSelect
        label="Tables and charts show"
        mt="md"
        maw={260}
        value={region ?? ""}
        data={[{ value: "", label: "all regions" }, ...regions.map(({ region }) => ({ value: region, label: region }))]}
        onChange={({ currentTarget: { value } }) => onRegion(value || undefined)}
      />
    </section>
  );
}
