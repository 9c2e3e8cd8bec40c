// What this report cannot tell.
import type { Report } from "../api/report";
import { list, plural, short } from "../lib/names";
import { figure, known } from "../lib/numbers";

export function Limits({ report }: { report: Report }) {
  return (
    <section id="limits" aria-labelledby="limits-title">
      <h2 id="limits-title">What this cannot tell</h2>
      <ul className="prose">
        {limits(report).map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
      </ul>
    </section>
  );
}

function limits({ about, exhibits }: Report): string[] {
  const rows = exhibits.channels?.rows ?? [];
  const follows = rows.filter((row) => row.follows_prior).map((row) => row.name);
  const vague = rows.filter((row) => row.is_vague && !row.follows_prior).map((row) => row.name);
  const pairs = exhibits.channels?.confounded ?? [];
  const beyond = (exhibits.response?.curves ?? []).filter(
    (curve) => known(curve.highest) && (curve.spend.at(-1) ?? 0) > curve.highest,
  );
  return [
    "The data were watched, not experimented with. If something that is not in the model drives both the spend and " +
      `${about.kpi}, its effect is taken for that of advertising. Only an experiment can rule that out.`,
    ...(follows.length
      ? [
          `For ${list(follows, 8)} the data say little: the answer is mostly what was believed before. An experiment would tell.`,
        ]
      : []),
    ...(vague.length
      ? [`For ${list(vague, 8)} the interval is wide: the direction is known better than the size.`]
      : []),
    ...pairs.map(
      ({ one, other, correlation }) =>
        `${short(one, 40)} and ${short(other, 40)} rise and fall together: their sum is known better than either (correlation of their contributions ${figure(correlation, 2)}).`,
    ),
    ...(beyond.length
      ? [
          `Beyond the highest spend seen, curves are the model's word alone (hatched): ${list(
            beyond.map(({ name }) => name),
            8,
          )}.`,
        ]
      : []),
    about.holdout
      ? `The test covers ${plural(about.holdout, about.period)}. A longer one would say more.`
      : "No data were held back, so it was not tested how well the model foretells what it has not seen.",
    ...(about.adds_up
      ? []
      : ["Effects multiply in this model: contributions of single channels do not add up to that of all together."]),
    ...(about.nature ? [`The numbers are drawn from ${about.nature}, not from the posterior.`] : []),
    "Intervals hold what they promise if the model is right. What the model does not know is in none of them.",
  ];
}
