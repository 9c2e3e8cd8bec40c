// A chart on a page: live where a reader is, a picture on paper.
import { use, useEffect, useMemo, useRef, type KeyboardEvent } from "react";
import type { Report } from "../api/report";
import type { Drawable, Option } from "../charts/kit/chart";
import type { Look } from "../charts/kit/look";
import { init } from "../charts/renderer";
import { picture } from "../charts/sheet";
import { useNear, useWidth } from "./measure";
import { PrintingContext } from "./printing";
import { ThemeContext } from "./theme";

export type Chosen = Pick<Look, "channel" | "grain">;

interface Props {
  chart: Drawable;
  report: Report;
  chosen: Chosen;
}

const paperWidth = 700;

export function ChartView(props: Props) {
  return use(PrintingContext) ? <Picture {...props} /> : <Live {...props} />;
}

function Picture({ chart, report, chosen }: Props) {
  const svg = useMemo(
    () => picture(chart, report, { ...chosen, theme: "print", width: paperWidth }),
    [chart, report, chosen],
  );
  // The text is our own renderer's, which escapes every name in it.
  return (
    <div className="picture" role="img" aria-label={chart.sentence(report)} dangerouslySetInnerHTML={{ __html: svg }} />
  );
}

function Live({ chart, report, chosen }: Props) {
  const theme = use(ThemeContext);
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<ReturnType<typeof init> | null>(null);
  const stop = useRef<Stop>({ series: 0, at: -1, last: -1 });
  const width = useWidth(box);
  const near = useNear(box);
  const part = { ...chosen, theme, width: width || paperWidth, interactive: true };
  const height = chart.height(report, part);

  useEffect(() => {
    const element = box.current;
    if (!element || !near || !width) return;
    const look = { ...chosen, theme, width, height, interactive: true };
    const option = chart.option(report, look);
    const live = init(element, null, { renderer: "svg", width, height });
    live.setOption(option);
    canvas.current = live;
    stop.current = firstStop(option);
    return () => {
      canvas.current = null;
      live.dispose();
    };
  }, [chart, report, chosen, theme, width, height, near]);

  function walk(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") canvas.current?.dispatchAction({ type: "hideTip" });
    if (!step || stop.current.last < 0) return;
    event.preventDefault();
    const { series, at, last } = stop.current;
    stop.current.at = Math.min(last, Math.max(0, at + step));
    canvas.current?.dispatchAction({ type: "showTip", seriesIndex: series, dataIndex: stop.current.at });
  }

  return (
    <div
      ref={box}
      className="chart"
      style={{ height }}
      role="img"
      aria-label={chart.sentence(report)}
      tabIndex={0}
      onKeyDown={walk}
      onBlur={() => canvas.current?.dispatchAction({ type: "hideTip" })}
    />
  );
}

/** Where arrow keys walk: the points of the first series that has words for its tooltip. */
interface Stop {
  series: number;
  at: number;
  last: number;
}

function firstStop(option: Option): Stop {
  const all: unknown[] = Array.isArray(option.series) ? option.series : [];
  const series = all.findIndex((one) => tipped(dataOf(one)));
  return { series, at: -1, last: series < 0 ? -1 : dataOf(all[series]).length - 1 };
}

function dataOf(series: unknown): unknown[] {
  const data = typeof series === "object" && series !== null && "data" in series ? series.data : [];
  return Array.isArray(data) ? data : [];
}

function tipped([first]: unknown[]): boolean {
  return typeof first === "object" && first !== null && "tip" in first;
}
