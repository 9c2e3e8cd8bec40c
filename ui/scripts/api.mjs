// Types of the server's answers, from its description: `npm run api [-- FILE]`.
import { execFileSync } from "node:child_process";

const [source = "../crates/wanamaker-server/openapi.json"] = process.argv.slice(2);
execFileSync("npx", ["openapi-typescript", source, "--default-non-nullable", "false", "-o", "src/api/openapi.ts"], {
  stdio: "inherit",
});
