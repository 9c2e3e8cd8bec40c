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
