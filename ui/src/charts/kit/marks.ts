// The marks charts are made of: bands, lines, whiskers, zones, rules.
import type { CustomSeriesOption, LineSeriesOption } from "echarts";
import { known } from "../../lib/numbers";
import { tokens, type Look } from "./look";

export type Maybe = number | null | undefined;
export type Point = readonly [number, Maybe];

/** Axes and name of a series. */
export interface Place {
  grid?: number;
  name?: string;
  z?: number;
}

type RenderItem = NonNullable<CustomSeriesOption["renderItem"]>;
type Shape = ReturnType<RenderItem>;

/** A series that one function draws at once over its axes; `extent` is what the axes must reach. */
export function drawn(place: Place, extent: readonly (readonly number[])[], draw: RenderItem): CustomSeriesOption {
  const { grid = 0, name, z = 2 } = place;
  return {
    type: "custom",
    ...(name === undefined ? {} : { name }),
    xAxisIndex: grid,
    yAxisIndex: grid,
    z,
    silent: true,
    clip: true,
    tooltip: { show: false },
    data: extent.map((point) => [...point]),
    encode: { x: 0, y: 1 },
    renderItem: (params, api) => (params.dataIndex === 0 ? draw(params, api) : null),
  };
}

/** A band between two lines, with gaps where either has none. */
export function band(
  place: Place,
  x: readonly number[],
  lower: readonly Maybe[],
  upper: readonly Maybe[],
  colour: string,
  opacity: number,
): CustomSeriesOption {
  const stretches = unbroken(x, lower, upper);
  const extent = stretches.flat().flatMap(([at, low, high]) => [
    [at, low],
    [at, high],
  ]);
  const series = drawn({ z: 1, ...place }, extent, (_, api): Shape => ({
    type: "group",
    children: stretches.map((stretch) => ({
      type: "polygon" as const,
      shape: {
        points: [
          ...stretch.map(([at, low]) => api.coord([at, low])),
          ...[...stretch].reverse().map(([at, , high]) => api.coord([at, high])),
        ],
      },
      style: { fill: colour, opacity },
    })),
  }));
  return { ...series, itemStyle: { color: colour, opacity } };
}

/** A line through points, broken where there is none. */
export function line(
  place: Place,
  points: readonly Point[],
  colour: string,
  more: LineSeriesOption = {},
): LineSeriesOption {
  const { grid = 0, name, z = 3 } = place;
  return {
    type: "line",
    ...(name === undefined ? {} : { name }),
    xAxisIndex: grid,
    yAxisIndex: grid,
    z,
    showSymbol: false,
    symbol: "circle",
    symbolSize: 5,
    itemStyle: { color: colour },
    lineStyle: { color: colour, width: 1.8 },
    emphasis: { disabled: true },
    data: points.map(([x, y]) => [x, known(y) ? y : null]),
    ...more,
  };
}

/** An upright rule with a word above it; on an axis of names, which runs downwards, above is where the rule starts. */
export function rule(at: Maybe, word: string, look: Look, colour = tokens(look).soft, above: "start" | "end" = "end") {
  return {
    xAxis: at ?? NaN,
    lineStyle: { color: colour, type: "dashed" as const, width: 1.2 },
    label: { show: word !== "", formatter: word, color: colour, fontSize: 11, position: above, distance: 5 },
  };
}

/** A level rule with a word on it. */
export function levelRule(at: Maybe, word: string, look: Look, colour = tokens(look).soft) {
  return {
    yAxis: at ?? NaN,
    lineStyle: { color: colour, type: "dashed" as const, width: 1.2 },
    label: { show: word !== "", formatter: word, color: colour, fontSize: 11, position: "insideEndTop" as const },
  };
}

/** Rules as the `markLine` of a series. */
export function rules(data: (ReturnType<typeof rule> | ReturnType<typeof levelRule>)[]): LineSeriesOption["markLine"] {
  const placed = data.filter((one) => known("xAxis" in one ? one.xAxis : one.yAxis));
  return { silent: true, symbol: "none", animation: false, data: placed };
}

/** Stretches of neighbouring points that have both ends. */
function unbroken(x: readonly number[], lower: readonly Maybe[], upper: readonly Maybe[]) {
  const stretches: [number, number, number][][] = [];
  let open: [number, number, number][] = [];
  x.forEach((at, k) => {
    const [low, high] = [lower[k], upper[k]];
    if (known(low) && known(high)) open.push([at, low, high]);
    else if (open.length) {
      stretches.push(open);
      open = [];
    }
  });
  if (open.length) stretches.push(open);
  return stretches;
}
