// Builds what the program embeds into dist/: charts.js for its own engine, report.js and report.css for the report page.
// `npm run build -- charts` builds one of them.
import { build } from "vite";

const bundles = [
  { name: "charts", entry: "src/charts/embed.ts", target: "es2020" },
  { name: "report", entry: "src/report/main.tsx", target: "es2022" },
];
const wanted = process.argv.slice(2);

for (const { name, entry, target } of bundles.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  await build({
    configFile: false,
    logLevel: "warn",
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    build: {
      target,
      outDir: "dist",
      emptyOutDir: false,
      reportCompressedSize: false,
      lib: { entry, formats: ["iife"], name: `${name}Bundle`, fileName: () => `${name}.js`, cssFileName: name },
    },
  });
}
// The dashboard: pages in pieces, into dist/app. The server puts its nonce where __CSP_NONCE__ stands.
if (wanted.length === 0 || wanted.includes("app"))
  await build({
    configFile: false,
    logLevel: "warn",
    base: "/",
    html: { cspNonce: "__CSP_NONCE__" },
    build: {
      target: "es2022",
      outDir: "dist/app",
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1000,
      rolldownOptions: { onLog: (level, log, handle) => log.code !== "MODULE_LEVEL_DIRECTIVE" && handle(level, log) },
    },
  });
