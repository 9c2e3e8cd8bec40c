"""The daily model written in PyMC as its manuals advise, sampled by nutpie."""

import sys
import warnings

warnings.filterwarnings("ignore")
import nutpie
import numpy as np
import pymc as pm
import pytensor.tensor as pt
from daily import CHANNELS, DECAY_BETA, HALF_NORMAL_SD, INTERCEPT_MEAN, LENGTHS, NORMAL_SD, POINT, read
from peer import CHAINS, SEED, Clock, save, save_density, words
from pymc.model.transform.conditioning import remove_value_transforms

BLOCK = 33  # about the root of the number of days


def powers(decay, lags):
    """decay^lag, zero where the lag is negative."""
    return pt.where(lags >= 0, decay ** np.maximum(lags, 0), 0.0)


def geometric(exposure: np.ndarray, decay):
    """a[t] = x[t] + decay·a[t−1], exactly: inside blocks of days, then from block to block.

    Two small products of matrices: faster than `scan`, a convolution with 90 lags, or doubling, all of which were tried.
    """
    days = np.arange(BLOCK)
    blocks = np.arange(-(-len(exposure) // BLOCK))
    padded = np.zeros(len(blocks) * BLOCK)
    padded[: len(exposure)] = exposure
    inside = pt.as_tensor(padded.reshape(-1, BLOCK)) @ powers(decay, days[None, :] - days[:, None])
    before = powers(decay**BLOCK, blocks[:, None] - blocks[None, :] - 1) @ inside[:, -1]
    return (inside + before[:, None] * decay ** (days + 1)).ravel()[: len(exposure)]


def normal(name: str, mean: float = 0.0):
    return pm.Normal(name, mean, NORMAL_SD[name], shape=LENGTHS.get(name, ()))


def half_normal(name: str):
    return pm.HalfNormal(name, np.array(HALF_NORMAL_SD[name]), shape=LENGTHS.get(name, ()))


words = words()
data = read(words.data)
with pm.Model() as model:
    # As data, not as constants, which take minutes to compile.
    fixed = {name: pm.Data(f"{name}_data", getattr(data, name)) for name in ("y", "t", "fourier", "weekday", "control")}
    intercept = normal("intercept", INTERCEPT_MEAN)
    base = fixed["t"] * normal("trend") + fixed["fourier"] @ normal("seasonality_year")
    base += fixed["weekday"] @ normal("day_of_week") + fixed["control"] @ normal("control")
    decay = pm.Beta("decay", *np.array(DECAY_BETA))
    carried = pt.stack([geometric(data.exposure[:, c], decay[c]) for c in range(len(CHANNELS))], axis=1)
    hill = pm.math.sigmoid(half_normal("slope") * (pt.log(carried) - pt.log(half_normal("ec50"))))
    mu = intercept * (1 + hill @ half_normal("beta")) + base
    pm.Normal("revenue", mu, half_normal("sigma"), observed=fixed["y"])

if words.density:
    density = remove_value_transforms(model).compile_logp(jacobian=False)
    save_density(words.out, POINT, density({name: np.array(value) for name, value in POINT.items()}))
    sys.exit()
clock = Clock()
compiled = nutpie.compile_pymc_model(model)
with clock:
    fit = nutpie.sample(
        compiled,
        chains=CHAINS,
        draws=words.draws,
        tune=words.tune,
        target_accept=words.accept,
        seed=SEED,
        progress_bar=False,
    )
save(words.out, {name: fit.posterior[name] for name in POINT}, fit.sample_stats["diverging"], clock, ["pymc", "nutpie"])
