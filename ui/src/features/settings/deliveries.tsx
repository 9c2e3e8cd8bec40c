// What a webhook was told last, and what came of it.
import { List, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { deliveries } from "../../api/queries";
import { Pane } from "../kit/pane";
import { said } from "./told";

export function Deliveries({ id }: { id: string }) {
  return (
    <Pane
      query={useQuery(deliveries(id))}
      height={20}
      isEmpty={(all) => all.length === 0}
      empty={<Text size="sm">nothing yet</Text>}
    >
      {(all) => (
        <List size="sm" listStyleType="none">
          {all.map((one) => (
            <List.Item key={one.id}>{said(one)}</List.Item>
          ))}
        </List>
      )}
    </Pane>
  );
}
