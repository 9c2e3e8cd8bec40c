// The shapes a model can take, as a marketer would say them.
import type { Schemas } from "../../api/client";

export interface Choice {
  value: string;
  label: string;
  says: string;
}

/** What stands in a menu for "not said here". */
export const asPreset = "preset";
const left: Choice = {
  value: asPreset,
  label: "As the starting point has it",
  says: "Nothing is said here; the starting point decides.",
};

export const presets: Choice[] = [
  { value: "standard", label: "Standard", says: "For weekly or daily data. Beliefs are in your own money." },
  { value: "lite", label: "Quick look", says: "A simple linear model. Done at once, with the carry-over fixed." },
  { value: "ridge", label: "Quickest look", says: "A penalised fit. A first impression with rough ranges." },
  {
    value: "adelon",
    label: "Daily, media lift the base",
    says: "For daily data where advertising multiplies what sells anyway.",
  },
  { value: "pymc-marketing", label: "As PyMC-Marketing does it", says: "To compare with a model made elsewhere." },
];

export const carryOvers: Choice[] = [
  left,
  { value: "geometric", label: "Fades steadily", says: "Each period keeps a share of what the last one had." },
  {
    value: "delayed",
    label: "Builds up, then fades",
    says: "The effect is strongest some periods after the money is spent.",
  },
  { value: "binomial", label: "Fades to nothing", says: "It falls to zero at the end of its window." },
  { value: "weibull_pdf", label: "Free shape, with a peak", says: "The peak may be early or late, sharp or flat." },
  { value: "weibull_cdf", label: "Free shape, always falling", says: "It falls, slowly or all at once." },
  { value: "none", label: "Does not last", says: "All of the effect comes in the period of the spend." },
];

export const returns: Choice[] = [
  left,
  {
    value: "hill",
    label: "Slow start, then levels off",
    says: "A little money may do little; a lot of money runs out of people.",
  },
  {
    value: "michaelis_menten",
    label: "Levels off from the first unit",
    says: "Each unit brings less than the one before.",
  },
  { value: "exponential", label: "Levels off quickly", says: "Each unit brings less, up to a ceiling." },
  {
    value: "logistic",
    label: "Levels off, nearly straight at first",
    says: "Small spend pays alike, large spend less.",
  },
  { value: "tanh", label: "Levels off, sharper", says: "Nearly straight, then a clear ceiling." },
  {
    value: "sigmoid",
    label: "Slow start with a steep middle",
    says: "There is an amount from which it begins to work.",
  },
  {
    value: "root",
    label: "Never levels off, but slows",
    says: "Twice the money brings less than twice as much, without a ceiling.",
  },
  { value: "log1p", label: "Slows ever more", says: "Each doubling brings the same again." },
  { value: "none", label: "Pays alike at any spend", says: "Twice the money brings twice as much." },
];

export const trends: Choice[] = [
  left,
  { value: "none", label: "No trend", says: "Without advertising the level stays where it is." },
  { value: "linear", label: "A straight line", says: "The level rises or falls at one pace." },
  { value: "piecewise", label: "A line that bends", says: "The pace may change now and then." },
  { value: "knots", label: "A free path", says: "The level wanders between evenly spaced points." },
];

export const kinds: Choice[] = [
  { value: "revenue", label: "Money", says: "Results are a return: money for money." },
  { value: "count", label: "A count", says: "Sales in units, orders, sign-ups: results are a cost per unit." },
];

export const said = (choices: readonly Choice[], value: string) => choices.find((c) => c.value === value)?.says ?? "";

/** What a channel or an organic medium is called. */
export const nameOf = ({ name, spend, exposure }: Schemas["ChannelSpec"]) => name || spend || exposure || "Channel";
