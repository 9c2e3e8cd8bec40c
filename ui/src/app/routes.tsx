// Every page and its address. Addresses stand behind #, so the server has one page to give and none to guess.
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  retainSearchParams,
} from "@tanstack/react-router";
import { DataPage } from "../features/data/data-page";
import { DatasetPage } from "../features/data/dataset-page";
import { HomePage } from "../features/home/home-page";
import { ReportsPage } from "../features/reports/reports-page";
import { RunPage } from "../features/runs/run-page";
import { RunsPage } from "../features/runs/runs-page";
import { SettingsPage } from "../features/settings/settings-page";
import {
  compareSearch,
  dataSearch,
  modelSearch,
  optimiseSearch,
  planSearch,
  resultsSearch,
  rootSearch,
} from "./search";
import { NotFound, Shell } from "./shell";

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: rootSearch,
  search: { middlewares: [retainSearchParams(["theme"])] },
});
const of = () => root;

const results = () => import("../features/results/results-page");
const plan = () => import("../features/plan/plan-page");

const pages = [
  createRoute({ getParentRoute: of, path: "/", component: HomePage }),
  createRoute({ getParentRoute: of, path: "/data", component: DataPage }),
  createRoute({ getParentRoute: of, path: "/data/$id", component: DatasetPage, validateSearch: dataSearch }),
  createRoute({
    getParentRoute: of,
    path: "/model",
    component: lazyRouteComponent(() => import("../features/model/choose-data"), "ChooseData"),
  }),
  createRoute({
    getParentRoute: of,
    path: "/model/$id",
    component: lazyRouteComponent(() => import("../features/model/model-page"), "ModelPage"),
    validateSearch: modelSearch,
  }),
  createRoute({ getParentRoute: of, path: "/runs", component: RunsPage }),
  createRoute({
    getParentRoute: of,
    path: "/runs/compare",
    component: lazyRouteComponent(() => import("../features/runs/compare-page"), "ComparePage"),
    validateSearch: compareSearch,
  }),
  createRoute({ getParentRoute: of, path: "/runs/$id", component: RunPage }),
  createRoute({
    getParentRoute: of,
    path: "/results",
    component: lazyRouteComponent(results, "LatestResults"),
  }),
  createRoute({
    getParentRoute: of,
    path: "/results/$id",
    beforeLoad: ({ params }) => {
      throw redirect({ to: "/results/$id/$tab", params: { ...params, tab: "overview" } });
    },
  }),
  createRoute({
    getParentRoute: of,
    path: "/results/$id/$tab",
    component: lazyRouteComponent(results, "ResultsPage"),
    validateSearch: resultsSearch,
  }),
  createRoute({ getParentRoute: of, path: "/plan", component: lazyRouteComponent(plan, "LatestPlan") }),
  createRoute({
    getParentRoute: of,
    path: "/plan/$id/simulate",
    component: lazyRouteComponent(plan, "SimulatePage"),
    validateSearch: planSearch,
  }),
  createRoute({
    getParentRoute: of,
    path: "/plan/$id/optimise",
    component: lazyRouteComponent(plan, "OptimisePage"),
    validateSearch: optimiseSearch,
  }),
  createRoute({
    getParentRoute: of,
    path: "/plan/$id/frontier",
    component: lazyRouteComponent(plan, "FrontierPage"),
  }),
  createRoute({ getParentRoute: of, path: "/reports", component: ReportsPage }),
  createRoute({ getParentRoute: of, path: "/settings", component: SettingsPage }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(pages),
  history: createHashHistory(),
  defaultPreload: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
