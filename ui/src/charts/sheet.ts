// A chart as a picture that stands alone: question, answer, chart, and what its intervals are.
import type { Report } from "../api/report";
import { oneLine } from "../lib/names";
import type { Drawable } from "./kit/chart";
import { fontFamily } from "./kit/frame";
import { tokens, type Look } from "./kit/look";
import { init } from "./renderer";

const margin = 20;

export type Wish = Partial<Omit<Look, "interactive">>;

/** The chart alone as SVG. */
export function picture(chart: Drawable, report: Report, wish: Wish): string {
  const look = settled(chart, report, wish);
  return rendered(chart, report, look);
}

/** The chart with its words as SVG. */
export function sheet(chart: Drawable, report: Report, wish: Wish): string {
  const full = Math.max(320, wish.width ?? 800);
  const look = settled(chart, report, { ...wish, width: full - 2 * margin });
  const t = tokens(look);
  const answer = chart.sentence(report);
  const head = [
    ...wrapped(chart.question, (full - 2 * margin) / 10.6).map((words) => ({
      words,
      size: 17,
      weight: 600,
      fill: t.ink,
      down: 24,
    })),
    ...wrapped(answer, (full - 2 * margin) / 7).map((words) => ({
      words,
      size: 12.5,
      weight: 400,
      fill: t.soft,
      down: 18,
    })),
  ];
  const foot = wrapped(`${chart.caption(report)} ${source(report)}`, (full - 2 * margin) / 6.3);
  let y = margin - 6;
  const lines = head.map(({ words, size, weight, fill, down }) => text(words, (y += down), size, weight, fill));
  const top = y + 12;
  y = top + look.height + 4;
  const small = foot.map((words) => text(words, (y += 15), 11, 400, t.soft));
  const height = y + margin - 4;
  const body = rendered(chart, report, look)
    .replace(/^<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${full}" height="${height}" viewBox="0 0 ${full} ${height}" role="img">`,
    `<title>${escaped(chart.question)}</title>`,
    `<desc>${escaped(answer)}</desc>`,
    `<rect width="${full}" height="${height}" fill="${t.paper}"/>`,
    `<g font-family="${escaped(fontFamily)}">${lines.join("")}</g>`,
    `<g transform="translate(${margin} ${top})">${body}</g>`,
    `<g font-family="${escaped(fontFamily)}">${small.join("")}</g>`,
    "</svg>",
  ].join("\n");
}

function settled(chart: Drawable, report: Report, wish: Wish): Look {
  const { theme = "light", width = 760, channel, grain } = wish;
  const part = { theme, width, channel, grain, interactive: false };
  return { ...part, height: wish.height ?? chart.height(report, part) };
}

function rendered(chart: Drawable, report: Report, look: Look): string {
  const canvas = init(null, null, { renderer: "svg", ssr: true, width: look.width, height: look.height });
  try {
    canvas.setOption(chart.option(report, look));
    return withoutStyle(canvas.renderToSVGString());
  } finally {
    canvas.dispose();
  }
}

/** Rules for a pointer mean nothing in a picture, and not every renderer reads them. */
function withoutStyle(svg: string): string {
  return svg.replace(/<style[^>]*>[\s\S]*?<\/style>/g, "").replace(/ class="[^"]*"/g, "");
}

function source({ about }: Report): string {
  return `Wanamaker ${about.version}, ${about.source}.`;
}

function text(words: string, y: number, size: number, weight: number, fill: string): string {
  return `<text x="${margin}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}">${escaped(words)}</text>`;
}

/** Lines of about so many characters, broken between words; a word longer than a line is cut into pieces. */
function wrapped(words: string, characters: number): string[] {
  const most = Math.max(16, Math.floor(characters));
  const lines: string[] = [];
  let line = "";
  for (const word of oneLine(words)
    .split(" ")
    .flatMap((word) => pieces(word, most))) {
    if (line && Array.from(line).length + 1 + Array.from(word).length > most) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return line ? [...lines, line] : lines;
}

function pieces(word: string, most: number): string[] {
  const characters = Array.from(word);
  const out: string[] = [];
  for (let from = 0; from < characters.length; from += most) out.push(characters.slice(from, from + most).join(""));
  return out;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
