// What can be chosen, in plain words.
export const presets = [
  { value: "standard", label: "Standard: weekly or daily data" },
  { value: "pymc-marketing", label: "As PyMC-Marketing does it" },
  { value: "adelon", label: "Daily, advertising multiplies the rest" },
  { value: "lite", label: "Quick look" },
  { value: "ridge", label: "Without beliefs (ridge)" },
];

export const adstocks = [
  { value: "", label: "as the kind of model says" },
  { value: "geometric", label: "fades steadily" },
  { value: "delayed", label: "peaks some periods later" },
  { value: "binomial", label: "fades, then ends" },
  { value: "weibull_pdf", label: "rises and fades freely" },
  { value: "weibull_cdf", label: "fades slowly, then fast" },
  { value: "none", label: "works at once only" },
];

export const saturations = [
  { value: "", label: "as the kind of model says" },
  { value: "hill", label: "slow start, then flattens" },
  { value: "exponential", label: "flattens from the start" },
  { value: "logistic", label: "flattens, nearly straight at first" },
  { value: "tanh", label: "flattens sharply" },
  { value: "michaelis_menten", label: "flattens slowly" },
  { value: "root", label: "never quite flat (power)" },
  { value: "log1p", label: "never quite flat (logarithm)" },
  { value: "none", label: "a straight line" },
];

export const trends = [
  { value: "", label: "as the kind of model says" },
  { value: "none", label: "none" },
  { value: "linear", label: "a straight line" },
  { value: "piecewise", label: "a line that bends" },
  { value: "knots", label: "a free curve" },
];
