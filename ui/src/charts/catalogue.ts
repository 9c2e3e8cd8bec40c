// Every chart there is, in the order of a report.
import { actualVsFitted } from "./actual-vs-fitted";
import { curves } from "./curves";
import type { Drawable } from "./kit/chart";
import { returns } from "./returns";
import { share } from "./share";
import { waterfall } from "./waterfall";

export const catalogue: readonly Drawable[] = [returns, share, waterfall, curves, actualVsFitted];

export function chartNamed(name: string): Drawable {
  const found = catalogue.find((chart) => chart.name === name);
  if (!found)
    throw new Error(`no chart is called “${name}”; there are: ${catalogue.map((chart) => chart.name).join(", ")}`);
  return found;
}
