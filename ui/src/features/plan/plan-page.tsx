// Plans from a run: try one by hand, or have the best one found.
import { Navigate } from "@tanstack/react-router";
import { Latest } from "../kit/latest";

export { FrontierPage } from "./frontier-page";
export { OptimisePage } from "./optimise-page";
export { SimulatePage } from "./simulate-page";

export function LatestPlan() {
  return <Latest title="Plan">{(id) => <Navigate to="/plan/$id/simulate" params={{ id }} replace />}</Latest>;
}
