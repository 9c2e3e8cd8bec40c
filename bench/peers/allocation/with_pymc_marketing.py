"""PyMC-Marketing's BudgetOptimizer with its defaults, on a model whose posterior is the stated curves."""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
began = time.perf_counter()
import arviz as az
import numpy as np
import pandas as pd
import xarray as xr
from pymc_marketing.mmm import GeometricAdstock, HillSaturation, LogisticSaturation
from pymc_marketing.mmm.budget_optimizer import BudgetOptimizer, MinimizeException
from pymc_marketing.mmm.multidimensional import MMM, MultiDimensionalBudgetOptimizerWrapper
from response import Response

imported = time.perf_counter()
path, weeks, budget = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
response = Response(path, weeks)
names, n_draws = response.names, response.decay.shape[1]
# Two years in which every channel spent what it spends today; scales are then today's spend and one.
dates = pd.date_range("2024-01-01", periods=104, freq="W-MON")
spend = np.ones((len(dates), 1)) * response.current / weeks
data = pd.DataFrame(spend, columns=names).assign(date=dates)
saturation = HillSaturation() if response.kind == "hill" else LogisticSaturation()
model = MMM(
    date_column="date",
    channel_columns=names,
    target_column="y",
    adstock=GeometricAdstock(l_max=response.l_max, normalize=True),
    saturation=saturation,
    scaling={"channel": {"method": "max", "dims": ()}, "target": {"method": "max", "dims": ()}},
)
model.build_model(data, pd.Series(np.ones(len(dates)), name="y"))
model.add_original_scale_contribution_variable(var=["channel_contribution"])
scale = response.current[:, None] / weeks
draws = lambda series: (("chain", "draw", "channel"), series[:, :, 0].T[None])
posterior = {"adstock_alpha": draws(response.decay), "saturation_beta": draws(response.coefficient)}
if response.kind == "hill":
    posterior["saturation_slope"] = draws(response.slope)
    posterior["saturation_kappa"] = draws(response.ec50 / scale[:, :, None])
else:
    posterior["saturation_lam"] = draws(response.rate * scale[:, :, None])
coords = {"chain": [0], "draw": np.arange(n_draws), "channel": names}
model.idata = az.InferenceData(posterior=xr.Dataset(posterior, coords=coords))
built = time.perf_counter()

first = dates[-1] + pd.Timedelta(weeks=1)
wrapper = MultiDimensionalBudgetOptimizerWrapper(model, first, first + pd.Timedelta(weeks=weeks - 1))
optimizer = BudgetOptimizer(
    num_periods=weeks, model=wrapper, response_variable="total_media_contribution_original_scale"
)
compiled = time.perf_counter()
stages = f"import {imported - began:.0f} s, model {built - imported:.0f} s, compile {compiled - built:.0f} s"
try:
    # Its budget is per period.
    allocation, result = optimizer.allocate_budget(budget / weeks)
except MinimizeException as error:
    found = {"plan": None, "remark": f"{stages}; {error}"}
else:
    found = {
        "plan": list(allocation.sel(channel=names).to_numpy() * weeks),
        "own_value": float(-result.fun),
        "remark": f"{stages}, {result.nit} iterations",
    }
json.dump(found | {"solve_s": time.perf_counter() - compiled}, sys.stdout)
