// A question, its answer in words, the chart, and everything a reader may want of it.
import { use, useMemo, useState } from "react";
import type { Report } from "../api/report";
import type { Drawable } from "../charts/kit/chart";
import { ChartView, type Chosen } from "./chart-view";
import { DataTable } from "./data-table";
import { Failure } from "./failure";
import { Picker } from "./picker";
import { PrintingContext } from "./printing";
import { SaveMenu } from "./save-menu";

interface Props {
  chart: Drawable;
  report: Report;
}

export function ChartPanel({ chart, report }: Props) {
  return (
    <Failure what={`“${chart.question}”`}>
      <Panel chart={chart} report={report} />
    </Failure>
  );
}

/** On paper a table of more rows than this would be a book. */
const mostPrinted = 30;

function Panel({ chart, report }: Props) {
  const printing = use(PrintingContext);
  const [chosen, setChosen] = useState<Chosen>({});
  const [open, setOpen] = useState({ note: false, table: false });
  const table = useMemo(() => chart.table(report), [chart, report]);
  const { channel = [], grain = [] } = chart.choices(report);
  const hasTable = printing ? table.rows.length <= mostPrinted && table.columns.length <= 12 : open.table;
  return (
    <figure className="panel" id={chart.name} aria-labelledby={`${chart.name}-question`}>
      <figcaption>
        <h3 id={`${chart.name}-question`}>{chart.question}</h3>
        <p className="answer">{chart.sentence(report)}</p>
      </figcaption>
      {(channel.length > 1 || grain.length > 1) && (
        <div className="pickers">
          {channel.length > 1 && (
            <Picker
              label="Show"
              options={channel}
              all="all"
              value={chosen.channel}
              onChange={(one) => setChosen({ ...chosen, channel: one })}
            />
          )}
          {grain.length > 1 && (
            <Picker
              label="By"
              options={grain}
              all="as fits"
              value={chosen.grain}
              onChange={(one) => setChosen({ ...chosen, grain: one })}
            />
          )}
        </div>
      )}
      <ChartView chart={chart} report={report} chosen={chosen} />
      <div className="foot">
        <p className="caption">{chart.caption(report)}</p>
        <div className="tools">
          <Fold
            label="How to read"
            of={chart}
            open={open.note}
            onToggle={() => setOpen({ ...open, note: !open.note })}
          />
          <Fold label="Table" of={chart} open={open.table} onToggle={() => setOpen({ ...open, table: !open.table })} />
          <SaveMenu chart={chart} report={report} chosen={chosen} />
        </div>
      </div>
      {(open.note || printing) && <p className="note">{chart.note}</p>}
      {hasTable && <DataTable table={table} title={chart.question} />}
    </figure>
  );
}

interface FoldProps {
  label: string;
  of: Drawable;
  open: boolean;
  onToggle: () => void;
}

function Fold({ label, of, open, onToggle }: FoldProps) {
  return (
    <button type="button" className="quiet" aria-expanded={open} onClick={onToggle}>
      {label}
      <span className="unseen">: {of.question}</span>
    </button>
  );
}
