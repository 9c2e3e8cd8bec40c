// What the report is about, and whether its numbers can be used.
import type { About, Report } from "../api/report";
import { day } from "../lib/dates";
import { plural } from "../lib/names";
import { verdict } from "./verdict";

export function Head({ report }: { report: Report }) {
  const { about } = report;
  const { kind, symbol, title, reason } = verdict(report);
  return (
    <header className="head">
      <p className="kicker">Marketing mix report</p>
      <h1>
        What moved <bdi>{about.kpi}</bdi>?
      </h1>
      <p className="span">{span(about)}</p>
      <p className={`verdict ${kind}`}>
        <span className="symbol" aria-hidden="true">
          {symbol}
        </span>
        <span>
          <strong>{title}</strong> {reason}
        </span>
      </p>
    </header>
  );
}

function span(about: About): string {
  const data = `${plural(about.periods, about.period)} from ${day(about.from)} to ${day(about.to)}`;
  const held = about.holdout
    ? `${plural(about.holdout, about.period)} after that held back as a test`
    : "none held back";
  const where = about.geos.length ? `${about.geos.length} regions` : "national data";
  const paid = plural(about.channels.length, "channel");
  return `${data}, ${held} · ${where} · ${paid} · from ${about.source}`;
}
