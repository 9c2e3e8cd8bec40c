"""Writes distributions.json: what SciPy says of every family, for `src/distribution/laws.rs`.

Run with any Python that has SciPy and mpmath:  python distributions.py
Points are SciPy's own quantiles, rounded to twelve digits, so that they reach into both tails.
"""

import datetime
import json
import math
import pathlib

import mpmath
import scipy
from scipy import stats

CASES = [
    ("normal", {"mean": 0.0, "sd": 1.0}, lambda a: stats.norm(a["mean"], a["sd"])),
    ("normal", {"mean": -3.5, "sd": 0.02}, None),
    ("half_normal", {"sd": 2.0}, lambda a: stats.halfnorm(scale=a["sd"])),
    ("half_normal", {"sd": 1e-6}, None),
    ("log_normal", {"mean_log": 0.2, "sd_log": 0.8}, lambda a: stats.lognorm(a["sd_log"], scale=math.exp(a["mean_log"]))),
    ("log_normal", {"mean_log": -4.0, "sd_log": 2.5}, None),
    ("gamma", {"shape": 3.0, "rate": 1.0}, lambda a: stats.gamma(a["shape"], scale=1 / a["rate"])),
    ("gamma", {"shape": 0.3, "rate": 5.0}, None),
    ("gamma", {"shape": 1.0, "rate": 0.1}, None),
    ("gamma", {"shape": 400.0, "rate": 20.0}, None),
    ("inverse_gamma", {"shape": 3.0, "scale": 2.0}, lambda a: stats.invgamma(a["shape"], scale=a["scale"])),
    ("inverse_gamma", {"shape": 1.5, "scale": 0.1}, None),
    ("inverse_gamma", {"shape": 25.0, "scale": 300.0}, None),
    ("beta", {"alpha": 1.0, "beta": 3.0}, lambda a: stats.beta(a["alpha"], a["beta"])),
    ("beta", {"alpha": 3.0, "beta": 3.0}, None),
    ("beta", {"alpha": 0.4, "beta": 0.7}, None),
    ("beta", {"alpha": 80.0, "beta": 20.0}, None),
    ("exponential", {"rate": 0.5}, lambda a: stats.expon(scale=1 / a["rate"])),
    ("laplace", {"location": 0.0, "scale": 1.0}, lambda a: stats.laplace(a["location"], a["scale"])),
    ("laplace", {"location": 2.0, "scale": 0.25}, None),
    ("student_t", {"df": 3.0, "location": 0.0, "scale": 1.0}, lambda a: stats.t(a["df"], a["location"], a["scale"])),
    ("student_t", {"df": 0.8, "location": 1.0, "scale": 2.0}, None),
    ("student_t", {"df": 1.7, "location": -1.0, "scale": 0.5}, None),
    ("student_t", {"df": 250.0, "location": 5.0, "scale": 3.0}, None),
    ("student_t", {"df": 1e6, "location": 0.0, "scale": 1.0}, None),
    ("half_student_t", {"df": 3.0, "scale": 2.5}, "half"),
    ("half_student_t", {"df": 30.0, "scale": 0.1}, "half"),
    ("cauchy", {"location": 1.0, "scale": 2.0}, lambda a: stats.cauchy(a["location"], a["scale"])),
    ("half_cauchy", {"scale": 0.5}, lambda a: stats.halfcauchy(scale=a["scale"])),
    ("uniform", {"lower": -2.0, "upper": 3.0}, lambda a: stats.uniform(a["lower"], a["upper"] - a["lower"])),
    ("weibull", {"shape": 1.7, "scale": 4.0}, lambda a: stats.weibull_min(a["shape"], scale=a["scale"])),
    ("weibull", {"shape": 0.6, "scale": 0.3}, None),
    ("truncated_normal", {"mean": 0.0, "sd": 2.0, "lower": 0.0, "upper": None}, "truncated"),
    ("truncated_normal", {"mean": 1.0, "sd": 1.0, "lower": -0.5, "upper": 1.2}, "truncated"),
    ("truncated_normal", {"mean": 0.0, "sd": 1.0, "lower": None, "upper": -3.0}, "truncated"),
    ("truncated_normal", {"mean": 0.0, "sd": 1.0, "lower": 8.0, "upper": 9.0}, "truncated"),
]
PROBABILITIES = [1e-10, 1e-4, 0.025, 0.25, 0.5, 0.75, 0.975, 0.9999]


class HalfT:
    """SciPy has no half-t: it is the t folded at zero."""

    def __init__(self, a):
        self.df, self.scale = a["df"], a["scale"]
        self.whole = stats.t(self.df, 0, self.scale)

    def logpdf(self, x):
        return math.log(2) + self.whole.logpdf(x)

    def cdf(self, x):
        with mpmath.workdps(40):
            ratio = (mpmath.mpf(x) / self.scale) ** 2
            return float(mpmath.betainc(0.5, self.df / 2, 0, ratio / (self.df + ratio), regularized=True))

    def ppf(self, p):
        return -self.whole.ppf((1 - p) / 2) if p > 1e-6 else p / (2 * self.whole.pdf(0))

    def mean(self):
        ratio = math.exp(math.lgamma((self.df + 1) / 2) - math.lgamma(self.df / 2))
        return 2 * self.scale * math.sqrt(self.df / math.pi) * ratio / (self.df - 1)

    def std(self):
        return math.sqrt(self.whole.var() - self.mean() ** 2)


class Truncated:
    """By mpmath at fifty digits: SciPy's own loses some in the far tail."""

    def __init__(self, a):
        with mpmath.workdps(50):
            self.m, self.s = mpmath.mpf(a["mean"]), mpmath.mpf(a["sd"])
            low = -mpmath.inf if a["lower"] is None else (mpmath.mpf(a["lower"]) - self.m) / self.s
            high = mpmath.inf if a["upper"] is None else (mpmath.mpf(a["upper"]) - self.m) / self.s
            self.low, self.high = low, high
            self.mass = self.between(low, high)

    @staticmethod
    def between(a, b):
        with mpmath.workdps(50):
            if a > 0:
                return mpmath.ncdf(-a) - mpmath.ncdf(-b)
            return mpmath.ncdf(b) - mpmath.ncdf(a)

    def logpdf(self, x):
        with mpmath.workdps(50):
            z = (mpmath.mpf(x) - self.m) / self.s
            return float(mpmath.log(mpmath.npdf(z) / self.s / self.mass))

    def cdf(self, x):
        with mpmath.workdps(50):
            return float(self.between(self.low, (mpmath.mpf(x) - self.m) / self.s) / self.mass)

    def ppf(self, p):
        with mpmath.workdps(50):
            low, high = max(self.low, mpmath.mpf(-50)), min(self.high, mpmath.mpf(50))
            for _ in range(170):
                middle = (low + high) / 2
                if self.between(self.low, middle) / self.mass < mpmath.mpf(p):
                    low = middle
                else:
                    high = middle
            return float(self.m + self.s * low)

    def moment(self, k):
        low, high = max(self.low, mpmath.mpf(-50)), min(self.high, mpmath.mpf(50))
        points = mpmath.linspace(low, high, 60)
        return mpmath.quad(lambda z: z**k * mpmath.npdf(z), points) / self.mass

    def mean(self):
        with mpmath.workdps(50):
            return float(self.m + self.s * self.moment(1))

    def std(self):
        with mpmath.workdps(50):
            return float(self.s * mpmath.sqrt(self.moment(2) - self.moment(1) ** 2))


def build():
    makers, cases = {}, []
    for family, arguments, maker in CASES:
        maker = {"half": HalfT, "truncated": Truncated}.get(maker, maker) or makers[family]
        makers[family] = maker
        oracle = maker(arguments)
        mean = oracle.mean()
        if family == "student_t" and arguments["df"] <= 1:
            mean = math.nan  # SciPy says infinity, but both halves of the integral diverge
        quantiles = [[p, float(oracle.ppf(p))] for p in PROBABILITIES]
        points = [float(f"{x:.12g}") for _, x in quantiles]
        cases.append(
            {
                "family": family,
                "arguments": arguments,
                "mean": plain(mean),
                "sd": plain(oracle.std()),
                "points": [[x, float(oracle.logpdf(x)), float(oracle.cdf(x))] for x in points],
                "quantiles": quantiles,
            }
        )
    return cases


def plain(x):
    """JSON has no infinity and no NaN."""
    return float(x) if math.isfinite(x) else str(float(x))


if __name__ == "__main__":
    document = {
        "origin": {
            "tool": f"SciPy {scipy.__version__}, mpmath {mpmath.__version__}",
            "script": pathlib.Path(__file__).name,
            "date": datetime.date.today().isoformat(),
            "columns": {"points": ["x", "ln_density", "cdf"], "quantiles": ["p", "x"]},
        },
        "cases": build(),
    }
    text = json.dumps(document, indent=1)
    pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")
