// How the numbers were made, in words, with the whole specification.
import type { About } from "../api/report";
import { Fold } from "../components/fold";
import { list, plural } from "../lib/names";
import { count } from "../lib/numbers";

export function Method({ about }: { about: About }) {
  return (
    <section id="method" aria-labelledby="method-title">
      <h2 id="method-title">How it was made</h2>
      <div className="prose">
        <p>
          The model takes {about.kpi} apart into what would be there anyway (level, trend, season, events),{" "}
          {about.controls.length ? `what else moves it (${list(about.controls, 6)}), ` : ""}and what each channel adds.
          The effect of a channel is carried over into later {about.period}s ({list(kinds(about.spec, "adstock"))}{" "}
          adstock) and grows less than its exposure ({list(kinds(about.spec, "saturation"))} saturation).{" "}
          {about.adds_up
            ? "The parts add up."
            : "The parts multiply: what they bring together is shown as a part of its own."}
        </p>
        <p>
          What was believed before the data (the priors, below) and the data together give a distribution over all
          answers: the posterior. It was drawn by {about.engine} with {plural(about.chains, "chain")} of{" "}
          {count(about.draws)} draws (seed {about.seed}), {plural(about.parameters, "free parameter")} in all. Every
          figure is a mean over those draws, every interval holds the middle of them.
        </p>
      </div>
      <Fold
        title="The specification"
        lead={`Everything that was decided before the fit, priors included; preset “${about.preset}”.`}
      >
        {() => (
          <pre tabIndex={0} role="region" aria-label="The specification">
            {about.spec}
          </pre>
        )}
      </Fold>
    </section>
  );
}

/** The kinds of a table of the spec that channels use: `kind = "…"` under `[channel.NAME]`. */
function kinds(spec: string, name: string): string[] {
  const found = spec.matchAll(new RegExp(`^\\[channel\\.${name}\\]\\s*\\nkind = "([a-z_]+)"`, "gm"));
  const unique = [...new Set([...found].map((match) => (match[1] ?? "").replaceAll("_", " ")))];
  return unique.length ? unique : ["the usual"];
}
