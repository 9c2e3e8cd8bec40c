// What a reader can take away of a chart.
import { useRef } from "react";
import type { Report } from "../api/report";
import type { Drawable } from "../charts/kit/chart";
import type { Look } from "../charts/kit/look";
import { sheet } from "../charts/sheet";
import { csv } from "../lib/csv";
import { savePng, saveText } from "../lib/download";

interface Props {
  chart: Drawable;
  report: Report;
  chosen: Pick<Look, "channel" | "grain">;
}

export function SaveMenu({ chart, report, chosen }: Props) {
  const menu = useRef<HTMLDetailsElement>(null);
  const svg = () => sheet(chart, report, { ...chosen, width: 900 });
  const kinds = [
    { name: "Picture (PNG)", save: () => savePng(`${chart.name}.png`, svg()) },
    { name: "Drawing (SVG)", save: () => saveText(`${chart.name}.svg`, "image/svg+xml", svg()) },
    {
      name: "Numbers (CSV)",
      save: () => saveText(`${chart.name}.csv`, "text/csv;charset=utf-8", `\ufeff${csv(chart.table(report))}`),
    },
  ];

  function close(): void {
    if (menu.current) menu.current.open = false;
  }

  return (
    <details
      ref={menu}
      className="menu"
      onKeyDown={(event) => event.key === "Escape" && close()}
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || close()}
    >
      <summary>
        Save<span className="unseen">: {chart.question}</span>
      </summary>
      <div className="choices">
        {kinds.map(({ name, save }) => (
          <button
            key={name}
            type="button"
            onClick={() => {
              void save();
              close();
            }}
          >
            {name}
          </button>
        ))}
      </div>
    </details>
  );
}
