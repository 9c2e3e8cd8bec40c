// A table of raw numbers, said as a reader sees them.
import { useState } from "react";
import { isNumeric, shown, type Table } from "../lib/table";

const few = 40;

export function DataTable({ table, title }: { table: Table; title: string }) {
  const [all, setAll] = useState(false);
  const rows = all ? table.rows : table.rows.slice(0, few);
  const hidden = table.rows.length - rows.length;
  return (
    <div className="table">
      <div className="scroll" role="region" aria-label={`Table: ${title}`} tabIndex={0}>
        <table>
          <caption className="unseen">{title}</caption>
          <thead>
            <tr>
              {table.columns.map((column) => (
                <th key={column.key} scope="col" className={isNumeric(column) ? "number" : undefined}>
                  {column.title}
                  {column.unit && <span className="unit">{column.unit}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, r) => (
              <tr key={r}>
                {table.columns.map((column, k) => (
                  <td key={column.key} className={isNumeric(column) ? "number" : undefined}>
                    <bdi>{shown(row[k], column, r)}</bdi>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {hidden > 0 && (
        <button type="button" className="quiet" onClick={() => setAll(true)}>
          Show {hidden} more rows
        </button>
      )}
    </div>
  );
}
