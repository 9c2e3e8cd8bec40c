// Which data the model is for.
import { Anchor, Button, Group, List, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { datasets } from "../../api/queries";
import { DraftList } from "../kit/draft-list";
import { moment } from "../kit/moment";
import { Page } from "../kit/page";
import { Pane } from "../kit/pane";

export function ChooseData() {
  return (
    <Page title="Model" lead="A model is made for a set of data: choose which, or go on with a draft.">
      <Pane query={useQuery(datasets)} isEmpty={(all) => all.length === 0} empty={<None />}>
        {(all) => (
          <List listStyleType="none" spacing="sm">
            {all.map(({ id, name, created }) => (
              <List.Item key={id}>
                <Anchor renderRoot={(props) => <Link to="/model/$id" params={{ id }} {...props} />}>{name}</Anchor>{" "}
                <Text span size="sm" className="soft">
                  added {moment(created)}
                </Text>
              </List.Item>
            ))}
          </List>
        )}
      </Pane>
      <DraftList
        kind="spec"
        link={({ id, subject }, props) =>
          subject ? (
            <Link to="/model/$id" params={{ id: subject }} search={{ draft: id }} {...props} />
          ) : (
            <span {...props} />
          )
        }
      />
    </Page>
  );
}

function None() {
  return (
    <Group gap="sm">
      <Text>There are no data yet.</Text>
      <Button renderRoot={(props) => <Link to="/data" {...props} />}>Add data</Button>
    </Group>
  );
}
