// The answer: what advertising brought, channel by channel, and what to move.
import type { Report } from "../api/report";
import { level, told } from "../charts/kit/words";
import { percent } from "../lib/numbers";
import { AnswerTable } from "./answer-table";
import { Findings } from "./findings";
import { KeyFigures } from "./key-figures";
import { Move } from "./move";
import { verdict } from "./verdict";

export function Answer({ report }: { report: Report }) {
  const { channels, plan } = report.exhibits;
  return (
    <section id="answer" aria-labelledby="answer-title">
      <h2 id="answer-title">The answer</h2>
      {verdict(report).kind === "failed" && (
        <p className="careful">What follows is shown so that it can be looked into, not so that it is used.</p>
      )}
      {channels ? <p className="big">{answer(report)}</p> : <p>This report has no channels.</p>}
      <KeyFigures report={report} />
      {channels && <AnswerTable channels={channels} report={report} />}
      {plan && <Move plan={plan} report={report} />}
      <Findings findings={report.about.warnings} none="" />
      <p className="caption">
        In brackets: the range that holds the truth with a probability of {level(report)}, equal-tailed, if the model is
        right.
      </p>
    </section>
  );
}

function answer(report: Report): string {
  const { channels } = report.exhibits;
  const { about } = report;
  if (!channels) return "";
  const brought = `Advertising brought ${told(channels.share, report, (x) => percent(x, 2))} of ${about.kpi}.`;
  if (!channels.roas) return brought;
  const unit = about.returns_in_money ? "" : ` ${about.kpi}`;
  return `${brought} Every unit of money spent on it brought ${told(channels.roas, report)}${unit}.`;
}
