// Each channel's share of the money beside its share of the effect, and what it earned, on an axis of its own.
import type { ChannelRow, Channels, Report } from "../api/report";
import { list, short } from "../lib/names";
import { percent } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { forestHeight, whiskers } from "./kit/forest";
import { acrossValues, downNames, frame } from "./kit/frame";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { rule, rules } from "./kit/marks";
import { pairs } from "./kit/pairs";
import { colourOf } from "./kit/palette";
import { brief, estimateCells, estimateColumns, returnUnit } from "./kit/words";

export const spendAndEffect = chart({
  name: "spend-and-effect",
  exhibit: "channels",
  question: "Is the money where the effect is?",
  note: "The grey bar is a channel's share of all money, the coloured one its share of what advertising brought. A longer grey bar means that the channel brings less than its share of the money.",
  missing: (data) => (paid(data).length ? null : "No channel has spend."),
  sentence: (data) => {
    const rows = paid(data);
    const more = rows.filter((row) => (row.effect_share?.lower ?? 0) > (row.spend_share ?? 1)).map((row) => row.name);
    const less = rows.filter((row) => (row.effect_share?.upper ?? 1) < (row.spend_share ?? 0)).map((row) => row.name);
    const unclear = rows.length - more.length - less.length;
    return [
      more.length ? `More than their share of the money brought: ${list(more)}.` : "",
      less.length ? `Less than their share of the money brought: ${list(less)}.` : "",
      unclear ? `For ${unclear} of ${rows.length} channels the data do not tell which is larger.` : "",
    ]
      .filter(Boolean)
      .join(" ");
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "channel", title: "Channel", unit: "", kind: "text" },
      { key: "spend", title: "Spend", unit: "money", kind: "number" },
      { key: "spend_share", title: "Share of spend", unit: "", kind: "share" },
      ...estimateColumns("effect_share", "Share of advertising's effect", "", "share"),
      ...estimateColumns("roas", "ROAS", returnUnit(report)),
    ],
    rows: paid(data).map((row) => [
      row.name,
      row.spend ?? null,
      row.spend_share ?? null,
      ...estimateCells(row.effect_share),
      ...estimateCells(row.roas),
    ]),
  }),
  height: (data) => forestHeight(paid(data).length, true),
});

function paid(data: Channels): ChannelRow[] {
  return data.rows.filter((row) => typeof row.spend_share === "number");
}

function option(data: Channels, report: Report, look: Look): Option {
  const t = tokens(look);
  const rows = paid(data);
  const names = rows.map((row) => short(row.name, look.width < 520 ? 10 : 20));
  const left = 20 + Math.max(4, ...names.map((name) => Array.from(name).length)) * 7.2;
  const room = look.width - left;
  const hasText = look.width >= 640;
  return {
    ...frame(look),
    ...legend(look, [
      { name: "share of spend", colour: t.ghost, block: true },
      { name: "share of effect", colour: t.accent, block: true },
    ]),
    grid: [
      { left, width: room * (hasText ? 0.46 : 0.5), top: 50, bottom: 48 },
      { left: left + room * (hasText ? 0.52 : 0.6), right: hasText ? 130 : 20, top: 50, bottom: 48 },
    ],
    xAxis: [
      acrossValues(look, { name: "share of all", say: (x) => percent(x), ticks: 4 }),
      acrossValues(look, { grid: 1, name: returnUnit(report), ticks: 4 }),
    ],
    yAxis: [downNames(look, names), downNames(look, names, 1, true)],
    series: [
      pairs(
        rows.map((row) => ({
          name: row.name,
          colour: colourOf(row.name, report, look),
          before: row.spend_share,
          after: row.effect_share?.mean,
          lower: row.effect_share?.lower,
          upper: row.effect_share?.upper,
          text: "",
          tip: `${row.name}\nshare of spend: ${percent(row.spend_share)}\nshare of effect: ${brief(row.effect_share, percent)}`,
        })),
        look,
        false,
      ),
      whiskers(
        rows.map((row) => ({
          name: row.name,
          colour: colourOf(row.name, report, look),
          point: row.roas?.mean,
          lower: row.roas?.lower,
          upper: row.roas?.upper,
          text: brief(row.roas),
          tip: `${row.name}\nearned ${brief(row.roas)} ${returnUnit(report)}`,
        })),
        look,
        hasText,
        1,
      ),
      report.about.returns_in_money
        ? [
            {
              type: "line" as const,
              xAxisIndex: 1,
              yAxisIndex: 1,
              data: [],
              markLine: rules([rule(1, "pays for itself", look, t.soft, "start")]),
            },
          ]
        : [],
    ].flat(),
  };
}
