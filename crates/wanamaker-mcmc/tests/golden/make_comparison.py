"""Writes comparison.json: what ArviZ says of log likelihoods that both sides make from the same stream of whole numbers.

Run with any Python that has ArviZ 0.23:  python make_comparison.py
"""

import datetime
import json
import math
import pathlib
import platform

import arviz as az
import numpy as np
import scipy
import xarray as xr

MASK = (1 << 64) - 1


class Stream:
    """SplitMix64: the same numbers in any language."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return ((z ^ (z >> 31)) >> 11) / (1 << 53)

    def normal(self):
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        return radius * math.cos(2 * math.pi * self.uniform())


def ln_likelihood(seed, n_draws, n_observations, spread, outlier, shift=0.0):
    """Normal log densities of observations, the last of them far out, around a mean that differs by draw."""
    stream = Stream(seed)
    y = [stream.normal() for _ in range(n_observations)]
    y[-1] = outlier
    rows = []
    for _ in range(n_draws):
        mean, sd = shift + spread * stream.normal(), math.exp(0.1 * stream.normal())
        rows.append([-0.5 * ((x - mean) / sd) ** 2 - math.log(sd) - 0.5 * math.log(2 * math.pi) for x in y])
    return np.array(rows)


def as_data(rows):
    data = xr.DataArray(rows[None], dims=("chain", "draw", "observation"))
    return az.InferenceData(
        log_likelihood=xr.Dataset({"y": data}),
        posterior=xr.Dataset({"x": xr.DataArray(rows[None, :, 0], dims=("chain", "draw"))}),
    )


cases = []
for seed, n_draws, n_observations, spread, outlier, reff in [
    (1, 1000, 20, 0.2, 1.0, 1.0),
    (2, 1000, 20, 0.2, 1.0, 0.37),
    (3, 400, 8, 1.0, 6.0, 1.0),
    (4, 4000, 3, 2.0, 9.0, 0.8),
    (5, 30, 5, 0.5, 2.0, 1.0),
    (6, 20, 2, 0.5, 2.0, 1.0),
]:
    data = as_data(ln_likelihood(seed, n_draws, n_observations, spread, outlier))
    loo = az.loo(data, pointwise=True, reff=reff)
    waic = az.waic(data, pointwise=True)
    cases.append(
        {
            "arguments": [seed, n_draws, n_observations, spread, outlier, reff],
            "loo": [loo.elpd_loo, loo.se, loo.p_loo],
            "loo_pointwise": loo.loo_i.values.tolist(),
            "pareto_k": [k if math.isfinite(k) else str(k) for k in loo.pareto_k.values.tolist()],
            "waic": [waic.elpd_waic, waic.se, waic.p_waic],
        }
    )
SHIFTS = [-0.9, 1.1, 2.5]
stacked = {str(i): as_data(ln_likelihood(7, 500, 40, 0.1, 2.0, shift)) for i, shift in enumerate(SHIFTS)}
weights = az.compare(stacked, ic="waic", method="stacking").weight
pathlib.Path(__file__).with_name("comparison.json").write_text(
    json.dumps(
        {
            "tool": f"ArviZ {az.__version__}",
            "with": f"NumPy {np.__version__}, SciPy {scipy.__version__}, Python {platform.python_version()}",
            "script": "make_comparison.py",
            "date": str(datetime.date.today()),
            "tolerance": "1e-8 relative; weights 1e-4, where SLSQP stops",
            "cases": cases,
            "stacking": {"shifts": SHIFTS, "weights": [weights[str(i)] for i in range(3)]},
        },
        indent=1,
    )
    + "\n"
)
