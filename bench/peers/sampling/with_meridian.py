"""Meridian's default model of its geo example: ROI priors, a knot a week, the step-size target that is its default."""

import warnings

warnings.filterwarnings("ignore")
import numpy as np
import pandas as pd
from meridian.data.data_frame_input_data_builder import DataFrameInputDataBuilder
from meridian.model.model import Meridian
from peer import CHAINS, SEED, Clock, save, words

CHANNELS = [f"Channel{c}" for c in range(4)]
CONTROLS = ["competitor_activity_score_control", "sentiment_score_control"]
# What it samples and keeps; of deviations by geo it keeps what follows from them, effects and coefficients by geo.
FREE = ["knot_values", "tau_g", "roi_m", "eta_m", "beta_gm", "alpha_m", "ec_m", "gamma_c", "xi_c", "gamma_gc", "sigma"]

words = words()
data = pd.read_csv(words.data)
builder = DataFrameInputDataBuilder(kpi_type="non_revenue", default_kpi_column="conversions")
builder.with_kpi(data).with_population(data).with_controls(data, control_cols=CONTROLS)
builder.with_revenue_per_kpi(data, revenue_per_kpi_col="revenue_per_conversion")
builder.with_media(
    data,
    media_cols=[f"{name}_impression" for name in CHANNELS],
    media_spend_cols=[f"{name}_spend" for name in CHANNELS],
    media_channels=CHANNELS,
)
meridian = Meridian(input_data=builder.build())
clock = Clock()
# Compiles as well.
with clock:
    meridian.sample_posterior(
        n_chains=CHAINS, n_adapt=words.tune // 2, n_burnin=words.tune - words.tune // 2, n_keep=words.draws, seed=SEED
    )
fit = meridian.inference_data
draws = {name: fit.posterior[name] for name in FREE}
draws["tau_g"] = np.delete(draws["tau_g"], meridian.baseline_geo_idx, axis=-1)  # zero by definition
save(words.out, draws, fit.sample_stats["diverging"], clock, ["google-meridian", "jax"])
