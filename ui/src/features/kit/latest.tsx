// A page about a fit, where none was chosen yet: the youngest that is done.
import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { fits } from "../../api/queries";
import { Page } from "./page";
import { Pane } from "./pane";

export function Latest({ title, children }: { title: string; children: (id: string) => ReactNode }) {
  return (
    <Pane query={useQuery(fits)}>
      {(all) => {
        const done = all.find(({ state }) => state === "succeeded");
        if (done) return <>{children(done.id)}</>;
        return (
          <Page title={title}>
            <Text>There is nothing here until a first run is done.</Text>
            <div>
              <Button renderRoot={(props) => <Link to="/" {...props} />}>Begin on the home page</Button>
            </div>
          </Page>
        );
      }}
    </Pane>
  );
}
