"""The daily model in numbers, for the drivers that write it down: columns, exposures, priors, and a point to compare at.

    revenue[t] ~ N( mu[t], sigma² )
    mu[t] = b0·(1 + sum_c beta_c·h_c[t]) + trend·t + F[t]·seasonality + D[t]·day_of_week + Z[t]·control
    h = a^slope / (a^slope + ec50^slope)      a[t] = x[t] + decay·a[t−1], a[−1] = 0

F are three sine–cosine pairs over 365.25 days, at the middle of a day; D says Tuesday … Sunday; Z is centred. Every
parameter is called what it is called in `specs/daily.toml`, and so are its priors, which are that file's and the preset's.
"""

import csv
from dataclasses import dataclass
from datetime import date

import numpy as np

CHANNELS = ["tv", "search", "social", "display", "print_ooh"]
CONTROLS = ["is_us_holiday", "price_index", "is_promotion", "competitor_spend", "economic_index"]
# Normal priors have mean zero but for the intercept's; half-normal ones are said by their scale.
INTERCEPT_MEAN = 50_000.0
NORMAL_SD = {"intercept": 10_000.0, "trend": 50.0, "seasonality_year": 5_000.0, "day_of_week": 3_000.0, "control": 10_000.0}
HALF_NORMAL_SD = {"slope": 2.0, "ec50": [200_000.0, 50_000.0, 75_000.0, 50_000.0, 100_000.0], "beta": 1.0, "sigma": 5_000.0}
DECAY_BETA = [8.5, 2.0, 5.0, 4.0, 7.0], [1.5, 8.0, 5.0, 6.0, 3.0]
LENGTHS = {"seasonality_year": 6, "day_of_week": 6, "control": 5, "decay": 5, "slope": 5, "ec50": 5, "beta": 5}
# Near where the data were simulated.
POINT = {
    "intercept": 51_000.0,
    "trend": 14.0,
    "seasonality_year": [3_900.0, -1_400.0, 700.0, 2_100.0, 400.0, -200.0],
    "day_of_week": [400.0, 900.0, 1_100.0, 2_200.0, -2_900.0, -4_400.0],
    "control": [11_000.0, -7_000.0, 17_000.0, -0.1, 5_000.0],
    "decay": [0.86, 0.21, 0.48, 0.43, 0.68],
    "slope": [2.4, 3.1, 2.6, 2.3, 1.7],
    "ec50": [160_000.0, 29_000.0, 48_000.0, 24_000.0, 65_000.0],
    "beta": [0.33, 0.57, 0.41, 0.30, 0.17],
    "sigma": 2_600.0,
}


@dataclass
class Daily:
    y: np.ndarray  # [t]
    t: np.ndarray  # [t]
    exposure: np.ndarray  # [t, channel]
    fourier: np.ndarray  # [t, 6], sines first
    weekday: np.ndarray  # [t, 6]
    control: np.ndarray  # [t, control]


def read(path: str) -> Daily:
    number = lambda text: {"True": 1.0, "False": 0.0}.get(text) if text in ("True", "False") else float(text)
    with open(path) as file:
        rows = list(csv.DictReader(file))
    columns = lambda names: np.array([[number(row[name]) for name in names] for row in rows])
    t = np.arange(len(rows), dtype=float)
    angle = 2 * np.pi * (t[:, None] + 0.5) * np.arange(1, 4) / 365.25
    weekdays = np.array([date.fromisoformat(row["date"]).weekday() for row in rows])
    control = columns(CONTROLS)
    return Daily(
        y=columns(["revenue"])[:, 0],
        t=t,
        exposure=columns([f"{name}_spend" for name in CHANNELS]),
        fourier=np.concatenate([np.sin(angle), np.cos(angle)], axis=1),
        weekday=(weekdays[:, None] == np.arange(1, 7)).astype(float),
        control=control - control.mean(axis=0),
    )
