// What to know, and what to do about it.
import type { Finding } from "../api/report";
import { Spoken } from "../components/spoken";
import { sentence } from "../lib/spoken";

const weights: Record<Finding["weight"], { symbol: string; word: string; kind: string }> = {
  info: { symbol: "i", word: "To know", kind: "info" },
  attention: { symbol: "!", word: "Look", kind: "look" },
  error: { symbol: "✕", word: "Mend", kind: "failed" },
};

export function Findings({ findings, none }: { findings: readonly Finding[]; none: string }) {
  if (!findings.length) return none ? <p className="soft">{none}</p> : null;
  return (
    <ul className="findings">
      {findings.map((finding, k) => {
        const { symbol, word, kind } = weights[finding.weight];
        return (
          <li key={k} className={kind}>
            <span className="symbol" aria-hidden="true">
              {symbol}
            </span>
            <span>
              <span className="unseen">{word}: </span>
              {finding.place && <strong>{finding.place}: </strong>}
              <Spoken text={sentence(finding.message)} />
              {finding.hint && (
                <span className="hint">
                  {" "}
                  <Spoken text={sentence(finding.hint)} />
                </span>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
