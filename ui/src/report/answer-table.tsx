// Channel by channel: what was spent, what it earned, how sure that is, what to do.
import { use } from "react";
import type { ChannelRow, Channels, Report } from "../api/report";
import { advices } from "../charts/next-unit";
import { colourOf } from "../charts/kit/palette";
import { returnUnit } from "../charts/kit/words";
import { IntervalBar } from "../components/interval-bar";
import { ThemeContext } from "../components/theme";
import { change, figure, known, nothing, percent, probability, range } from "../lib/numbers";

export function AnswerTable({ channels, report }: { channels: Channels; report: Report }) {
  const theme = use(ThemeContext);
  const inMoney = report.about.returns_in_money;
  const isPaid = channels.rows.some((row) => row.roas);
  const scale = scaleOf(channels.rows, isPaid, inMoney);
  return (
    <div className="scroll" role="region" aria-label="The answer by channel" tabIndex={0}>
      <table className="by-channel">
        <caption className="unseen">What each channel earned and what to do</caption>
        <thead>
          <tr>
            <th scope="col">Channel</th>
            <th scope="col" className="number">
              Spent <span className="unit">money, share of all</span>
            </th>
            <th scope="col" className="earnings">
              {isPaid ? "Earned" : "Brought"}{" "}
              <span className="unit">{isPaid ? returnUnit(report) : `share of ${report.about.kpi}`}</span>
            </th>
            <th scope="col">
              How sure <span className="unit">{inMoney ? "that it paid for itself" : ""}</span>
            </th>
            <th scope="col">
              Next unit of money <span className="unit">{returnUnit(report)}</span>
            </th>
            <th scope="col" className="number">
              The plan <span className="unit">{budget(report)}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {channels.rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">
                <span className="swatch" style={{ background: colourOf(row.name, report, { theme }) }} />
                <bdi>{row.name}</bdi>
              </th>
              <td className="number" data-label="Spent">
                <span>
                  {figure(row.spend)}{" "}
                  <span className="unit">{known(row.spend_share) ? percent(row.spend_share, 2) : ""}</span>
                </span>
              </td>
              <td className="earnings" data-label={isPaid ? "Earned" : "Brought"}>
                <Earned
                  row={row}
                  isPaid={isPaid}
                  scale={scale}
                  colour={colourOf(row.name, report, { theme })}
                  mark={isPaid && inMoney ? 1 : undefined}
                />
              </td>
              <td data-label="How sure">
                <Sure row={row} />
              </td>
              <td data-label="Next unit">
                <span>
                  {figure(row.mroas?.mean)}{" "}
                  {row.mroas && <span className="range">({range(row.mroas.lower, row.mroas.upper)})</span>}
                </span>
                {row.advice && <span className={`advice ${row.advice}`}>{advices[row.advice]}</span>}
              </td>
              <td className="number" data-label="The plan">
                {planned(row.name, report)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface EarnedProps {
  row: ChannelRow;
  isPaid: boolean;
  scale: { from: number; to: number };
  colour: string;
  mark: number | undefined;
}

function Earned({ row, isPaid, scale, colour, mark }: EarnedProps) {
  const estimate = isPaid ? row.roas : row.share;
  if (!estimate) return <>{nothing}</>;
  const say = isPaid ? figure : (x: number | null | undefined) => percent(x, 2);
  return (
    <span className="earned">
      <IntervalBar estimate={estimate} {...scale} colour={colour} mark={mark} />
      <span>
        {say(estimate.mean)} <span className="range">({range(estimate.lower, estimate.upper, say)})</span>
      </span>
    </span>
  );
}

/** From 0, or below it, to the furthest end of all. */
function scaleOf(rows: readonly ChannelRow[], isPaid: boolean, inMoney: boolean) {
  const ends = rows.flatMap((row) => {
    const estimate = isPaid ? row.roas : row.share;
    return estimate ? [estimate.lower, estimate.upper] : [];
  });
  return { from: Math.min(0, ...ends.filter(known)), to: Math.max(isPaid && inMoney ? 1.2 : 0, ...ends.filter(known)) };
}

function Sure({ row }: { row: ChannelRow }) {
  if (row.follows_prior) return <>the data cannot tell</>;
  return (
    <span>
      {known(row.p_pays) || !row.is_vague ? probability(row.p_pays) : ""}
      {row.is_vague && <span className="unit"> how much: only vaguely</span>}
    </span>
  );
}

/** Money that only moves can grow where its next unit does not pay: there it is lost least. */
function budget({ exhibits }: Report): string {
  const { plan } = exhibits;
  const isSame = plan && Math.abs(plan.budget - plan.budget_today) < 0.005 * plan.budget_today;
  return isSame ? "change, at the same budget" : "change of spend";
}

/** The change of a channel's money, all its geos together. */
function planned(name: string, report: Report): string {
  const moves = (report.exhibits.plan?.moves ?? []).filter((move) => move.channel === name);
  const [today, then] = [
    moves.reduce((sum, move) => sum + move.today, 0),
    moves.reduce((sum, move) => sum + move.planned, 0),
  ];
  if (!moves.length) return nothing;
  return today > 0 ? change(then / today - 1) : `new: ${figure(then)}`;
}
