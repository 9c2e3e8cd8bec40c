// Imports run down: api, lib, charts, components, report, features, app. What lies below knows nothing of what lies above.
import importX from "eslint-plugin-import-x";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const floors = ["api", "lib", "charts", "components", "report", "features", "app"];
const upward = floors.flatMap((floor, k) =>
  floors.slice(k + 1).map((above) => ({ target: `./src/${floor}`, from: `./src/${above}` })),
);

// Features do not know each other; what they share is in the kit.
const features = ["home", "data", "runs", "results", "plan", "reports", "settings"];
const apart = features.map((one) => ({
  target: `./src/features/${one}`,
  from: "./src/features",
  except: [`./${one}`, "./kit"],
}));
const kit = features.map((one) => ({ target: "./src/features/kit", from: `./src/features/${one}` }));

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/report.ts", "src/api/openapi.ts", "test-results"] },
  ...tseslint.configs.recommended,
  {
    files: ["src/**/*.{ts,tsx}", "tests/**/*.ts"],
    plugins: { "import-x": importX, "react-hooks": reactHooks },
    settings: { "import-x/resolver": { node: { extensions: [".ts", ".tsx"] } } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "import-x/no-cycle": "error",
      "import-x/no-restricted-paths": ["error", { zones: [...upward, ...apart, ...kit] }],
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["src/charts/**/*.ts", "src/lib/**/*.ts"],
    ignores: ["src/**/*.test.ts", "src/lib/download.ts"],
    rules: {
      "no-restricted-globals": ["error", "window", "document", "navigator", "fetch", "setTimeout", "Intl", "process"],
      "no-restricted-properties": [
        "error",
        { property: "toLocaleString", message: "an embedded engine has no Intl" },
        { property: "toLocaleDateString", message: "an embedded engine has no Intl" },
        { property: "localeCompare", message: "an embedded engine has no Intl" },
      ],
      "no-restricted-imports": ["error", { paths: ["react", "react-dom"] }],
    },
  },
);
