import { expect, test } from "vitest";
import type { Schemas } from "../../api/client";
import { changed } from "./roles";
import { nameOf, specOf } from "./spec";

const column = (name: string, role: string) => ({ name, role, why: "" });
const dataset = {
  columns: [
    column("week", "time"),
    column("tv_spend", "spend"),
    column("tv_impressions", "excluded"),
    column("news", "organic"),
    column("price", "control"),
    column("orders", "excluded"),
    column("revenue", "kpi"),
  ],
  spec: {
    preset: "standard",
    data: { time: "week", kpi: "revenue" },
    channel: [{ name: "tv", spend: "tv_spend", effect: { roas: 1 } }],
    organic: [{ name: "news", exposure: "news" }],
    control: [{ column: "price" }],
    baseline: { trend: { kind: "linear" } },
  },
} as unknown as Schemas["DatasetView"];

test("without wishes the proposal stays what it is", () => {
  const { channel, organic, control, data } = specOf(dataset, { roles: {} });
  expect(channel).toEqual([{ name: "tv", spend: "tv_spend", exposure: null, effect: { roas: 1 } }]);
  expect(organic?.map(({ name }) => name)).toEqual(["news"]);
  expect(control).toEqual([{ column: "price" }]);
  expect(data).toMatchObject({ time: "week", kpi: "revenue", geo: null });
});

test("every wish is in what is asked", () => {
  const wishes = { roles: {}, kind: "count", preset: "lite", holdout: 8, repairs: { gaps: "zero" } } as const;
  const { preset, data } = specOf(dataset, wishes);
  expect(preset).toBe("lite");
  expect(data).toMatchObject({ kpi_kind: "count", holdout: 8, options: { gaps: "zero" } });
});

test("exposure joins the channel of its name", () => {
  const { channel } = specOf(dataset, { roles: { tv_impressions: "exposure" } });
  expect(channel).toMatchObject([{ name: "tv", spend: "tv_spend", exposure: "tv_impressions" }]);
});

test("a column that is left out is nowhere", () => {
  const { channel, organic, control } = specOf(dataset, {
    roles: { tv_spend: "excluded", news: "excluded", price: "excluded" },
  });
  expect([channel, organic, control]).toEqual([[], [], []]);
});

test("there is one outcome", () => {
  expect(changed(dataset.columns, {}, "orders", "kpi")).toEqual({ orders: "kpi", revenue: "excluded" });
  expect(changed(dataset.columns, { orders: "kpi", revenue: "excluded" }, "revenue", "kpi")).toEqual({});
});

test.each([
  ["tv_spend", "tv"],
  ["facebook_I", "facebook"],
  ["search_clicks_P", "search"],
  ["news", "news"],
  ["spend", "spend"],
])("%s belongs to %s", (column, name) => expect(nameOf(column)).toBe(name));
