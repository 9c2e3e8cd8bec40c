"""PyMC-Marketing's quickstart model with its default priors, national or by geo, through its own `fit`."""

import sys
import warnings

warnings.filterwarnings("ignore")
import nutpie
import pandas as pd
import pymc as pm
from peer import CHAINS, SEED, Clock, save, save_density, words
from pymc.model.transform.conditioning import remove_value_transforms
from pymc.sampling import mcmc
from pymc_marketing.mmm import GeometricAdstock, LogisticSaturation
from pymc_marketing.mmm.multidimensional import MMM

# Their names and ours.
NAMES = {
    "intercept_contribution": "intercept",
    "adstock_alpha": "decay",
    "saturation_lam": "rate",
    "saturation_beta": "beta",
    "gamma_control": "control",
    "gamma_fourier": "seasonality_year",
    "y_sigma": "sigma",
}

words = words(sampler={"choices": ["pymc", "nutpie"], "default": "pymc"})
data = pd.read_csv(words.data)
date = "date" if "geo" in data else "date_week"
data[date] = pd.to_datetime(data[date])
mmm = MMM(
    date_column=date,
    channel_columns=["x1", "x2"],
    target_column="y",
    control_columns=[name for name in ("event_1", "event_2", "t") if name in data],
    dims=("geo",) if "geo" in data else None,
    adstock=GeometricAdstock(l_max=8),
    saturation=LogisticSaturation(),
    yearly_seasonality=2,
)
x, y = data.drop(columns="y"), data["y"]
mmm.build_model(x, y)
free = mmm.model.free_RVs

if words.density:
    point = dict(zip([variable.name for variable in free], pm.draw(free, random_seed=SEED)))
    density = remove_value_transforms(mmm.model).compile_logp(jacobian=False)
    save_density(words.out, {NAMES[name]: value for name, value in point.items()}, density(point))
    sys.exit()

clock = Clock()
# `fit` compiles and samples in one call; these are where sampling starts.
for module, name in [(nutpie, "sample"), (mcmc, "_mp_sample"), (mcmc, "_sample_many")]:
    clock.around(module, name)
fit = mmm.fit(
    x,
    y,
    nuts_sampler=words.sampler,
    chains=CHAINS,
    draws=words.draws,
    tune=words.tune,
    target_accept=words.accept,
    random_seed=SEED,
    progressbar=False,
)
draws = {variable.name: fit.posterior[variable.name] for variable in free}
save(words.out, draws, fit.sample_stats["diverging"], clock, ["pymc-marketing", "pymc", "nutpie"])
