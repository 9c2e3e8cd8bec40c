// The report page as the program writes it: script, style and data inside, everything else forbidden.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const dist = (name: string) => readFileSync(new URL(`../dist/${name}`, import.meta.url), "utf8");

export function page(report: unknown): string {
  const [script, style] = [dist("report.js"), dist("report.css")];
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "style-src-attr 'unsafe-inline'",
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const data = JSON.stringify(report).replaceAll("<", "\\u003c");
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">',
    `<title>A report</title><style>${style}</style></head><body><div id="report"></div>`,
    `<script type="application/json" id="report-data">${data}</script><script>${script}</script></body></html>`,
  ].join("");
}
