// Checks and findings of a made-up report.
import type { Finding, Health } from "../../api/report";

export const health: Health = {
  worst: "look",
  checks: [
    { check: "complete", mark: "ok", figure: 0, wanted: { at_most: 0 }, whose: [], advice: "" },
    { check: "r_hat", mark: "ok", figure: 1.004, wanted: { below: 1.01 }, whose: ["decay[TV]"], advice: "" },
    { check: "ess_bulk", mark: "ok", figure: 1834, wanted: { at_least: 400 }, whose: ["beta[TV]"], advice: "" },
    { check: "coverage95", mark: "ok", figure: 0.948, wanted: { between: [0.9, 0.99] }, whose: [], advice: "" },
    {
      check: "follows_prior",
      mark: "look",
      figure: 1,
      wanted: { at_most: 0 },
      whose: ["Radio"],
      advice: "run an experiment on these channels, or vary their spend",
    },
  ],
};

export const findings: Finding[] = [
  {
    weight: "attention",
    code: "follows-prior",
    place: "Radio",
    message: "the data say little of this channel",
    hint: "an experiment would tell",
  },
];
