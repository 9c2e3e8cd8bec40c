// What more or less money in all would bring, and the usual plans side by side.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { report } from "../../api/queries";
import { Charts, exhibitsOf } from "../kit/charts";
import { Pane } from "../kit/pane";
import { Frame } from "./frame";

const names = ["frontier", "plans", "forecast"];
const exhibits = exhibitsOf(names);

export function FrontierPage() {
  const { id } = useParams({ from: "/plan/$id/frontier" });
  return (
    <Frame id={id} way="frontier">
      <Pane query={useQuery(report(id, exhibits))} height={480}>
        {(found) => <Charts names={names} report={found} />}
      </Pane>
    </Frame>
  );
}
