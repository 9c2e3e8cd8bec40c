// A model needs data first.
import { Button, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Page } from "../kit/page";

export function NoData() {
  return (
    <Page title="Model">
      <Text>There is no data yet that a model could explain.</Text>
      <div>
        <Button renderRoot={(props) => <Link to="/data" {...props} />}>Add data</Button>
      </div>
    </Page>
  );
}
