"""Writes arviz.json: diagnostics by ArviZ of small sets of draws, and the draws.

    pip install arviz==0.23.4
    python make_arviz.py

The draws are stored with the answers, so the test needs neither Python nor NumPy's generator.
"""

import datetime
import json
import pathlib
import platform
import warnings

import arviz as az
import numpy as np
import scipy

warnings.filterwarnings("ignore")


def autoregressive(rng, rho, chains, draws):
    x = np.empty((chains, draws))
    x[:, 0] = rng.normal(size=chains) / np.sqrt(1 - rho**2)
    for t in range(1, draws):
        x[:, t] = rho * x[:, t - 1] + rng.normal(size=chains)
    return x


def sets():
    """Name and draws, shape (chain, draw)."""
    rng = np.random.default_rng(20261122)
    yield "independent", rng.normal(3.0, 2.0, size=(4, 100))
    yield "autoregressive_0.5", autoregressive(rng, 0.5, 4, 100)
    yield "autoregressive_0.95", autoregressive(rng, 0.95, 4, 200)
    yield "antithetic", autoregressive(rng, -0.6, 4, 100)
    yield "cauchy", rng.standard_cauchy(size=(4, 100))
    yield "skewed", np.exp(2 * autoregressive(rng, 0.7, 3, 101))
    shifted = rng.normal(size=(4, 100))
    shifted[3] += 1.0
    yield "one_chain_shifted", shifted
    wide = rng.normal(size=(4, 100))
    wide[2] *= 5
    yield "one_chain_wide", wide
    stuck = rng.normal(size=(4, 100))
    stuck[1] = 0.25
    yield "one_chain_stuck", stuck
    yield "rounded_with_ties", np.round(autoregressive(rng, 0.3, 4, 90))
    yield "odd_length", autoregressive(rng, 0.4, 4, 37)
    yield "odd_and_short", rng.normal(size=(2, 7))
    yield "five_draws", rng.normal(size=(4, 5))
    yield "four_draws", rng.normal(size=(4, 4))
    yield "nine_draws", rng.normal(size=(3, 9))
    yield "three_draws", rng.normal(size=(4, 3))
    yield "one_chain", autoregressive(rng, 0.6, 1, 150)
    yield "trend", np.linspace(0, 1, 120) + 0.05 * rng.normal(size=(2, 120))
    yield "tiny_scale", 1e-6 * autoregressive(rng, 0.5, 4, 60)
    yield "far_from_zero", 1e6 + autoregressive(rng, 0.5, 4, 60)
    yield "constant", np.full((4, 20), 1.5)
    lost = rng.normal(size=(2, 20))
    lost[0, 4] = np.nan
    yield "with_nan", lost
    infinite = rng.normal(size=(2, 20))
    infinite[1, 7] = np.inf
    yield "with_infinity", infinite
    # Chains long enough for the autocovariance to be taken from the transform.
    yield "slow_and_long", np.round(autoregressive(rng, 0.99, 2, 600), 6)


def number(x):
    """JSON has no NaN."""
    x = float(x)
    return x if np.isfinite(x) else str(x)


def answers(draws):
    def ask(f):
        try:
            return number(f())
        except (TypeError, ValueError):
            return "nan"

    return {
        "r_hat": ask(lambda: az.rhat(draws, method="rank")),
        "ess_bulk": ask(lambda: az.ess(draws, method="bulk")),
        "ess_tail": ask(lambda: az.ess(draws, method="tail")),
        "ess_mean": ask(lambda: az.ess(draws, method="mean")),
        "ess_quantile_0.3": ask(lambda: az.ess(draws, method="quantile", prob=0.3)),
        "mcse_mean": ask(lambda: az.mcse(draws, method="mean")),
        "mcse_sd": ask(lambda: az.mcse(draws, method="sd")),
        "mcse_quantile_0.05": ask(lambda: az.mcse(draws, method="quantile", prob=0.05)),
        "mcse_quantile_0.5": ask(lambda: az.mcse(draws, method="quantile", prob=0.5)),
        "mcse_quantile_0.9": ask(lambda: az.mcse(draws, method="quantile", prob=0.9)),
        "mean": ask(lambda: np.mean(draws)),
        "sd": ask(lambda: np.std(draws, ddof=1)),
        "median": ask(lambda: np.median(draws)),
        "quantile_0.025": ask(lambda: np.quantile(draws, 0.025)),
        "quantile_0.975": ask(lambda: np.quantile(draws, 0.975)),
        # The draws taken for energies.
        "bfmi": [number(x) for x in az.bfmi(draws)],
    }


def main():
    cases = [
        {"name": name, "draws": [[number(x) for x in chain] for chain in draws], "expected": answers(draws)}
        for name, draws in sets()
    ]
    golden = {
        "tool": f"ArviZ {az.__version__}",
        "with": f"NumPy {np.__version__}, SciPy {scipy.__version__}, Python {platform.python_version()}",
        "script": "make_arviz.py",
        "date": datetime.date.today().isoformat(),
        "tolerance": "1e-8 relative or absolute, whichever is larger",
        "cases": cases,
    }
    target = pathlib.Path(__file__).with_name("arviz.json")
    target.write_text(json.dumps(golden, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")


if __name__ == "__main__":
    main()
