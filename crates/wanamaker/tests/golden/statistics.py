"""Writes statistics.json: what SciPy and statsmodels say of series and tables, for `src/statistics/tests.rs`.

Run with any Python that has SciPy and statsmodels:  python statistics.py
"""

import datetime
import json
import math
import pathlib
import platform

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.stats.outliers_influence import variance_inflation_factor
from statsmodels.stats.stattools import durbin_watson
from statsmodels.tsa.stattools import acf

rng = np.random.default_rng(7)


def walk(n):
    x = np.zeros(n)
    for t in range(1, n):
        x[t] = 0.6 * x[t - 1] + rng.normal()
    return x


SERIES = {
    "normal, 3": rng.normal(size=3),
    "normal, 4": rng.normal(size=4),
    "normal, 5": rng.normal(size=5),
    "normal, 8": rng.normal(size=8),
    "normal, 11": rng.normal(size=11),
    "normal, 12": rng.normal(size=12),
    "normal, 104": rng.normal(size=104),
    "shifted, 60": 1e6 + rng.normal(size=60),
    "exponential, 50": rng.exponential(size=50),
    "heavy, 80": rng.standard_t(2, size=80),
    "uniform, 31": rng.uniform(size=31),
    "walk, 104": walk(104),
    "ties, 20": np.round(rng.normal(size=20)),
}


def series(name, x):
    x = np.round(x, 9)
    n = len(x)
    lags = [k for k in (1, 5, 10) if k < n]
    boxes = acorr_ljungbox(x, lags=lags)
    case = {
        "name": name,
        "x": x.tolist(),
        "durbin_watson": float(durbin_watson(x)),
        "acf": acf(x, nlags=min(6, n - 1), fft=False).tolist(),
        "ljung_box": [[k, float(boxes.lb_stat[k]), float(boxes.lb_pvalue[k])] for k in lags],
        "jarque_bera": [float(v) for v in stats.jarque_bera(x)],
        "shapiro": [float(v) for v in stats.shapiro(x)],
    }
    if n >= 8:
        case["dagostino"] = [float(v) for v in stats.normaltest(x)]
    return case


def table(columns):
    design = np.column_stack([np.ones(len(columns[0])), *columns])
    return {
        "columns": [np.asarray(column).tolist() for column in columns],
        "vif": [float(variance_inflation_factor(design, j + 1)) for j in range(len(columns))],
    }


a, b, c = (np.round(rng.normal(size=40), 6) for _ in range(3))
tables = [
    table([a, b, c]),
    table([a, b, np.round(a + b + 0.1 * c, 6)]),
    table([1000 + a, 1e-3 * b]),
]

draws = np.round(rng.gamma(2, size=25), 6)
scores = [
    {
        "draws": draws.tolist(),
        "y": y,
        "crps": float(np.abs(draws - y).mean() - 0.5 * np.abs(draws[:, None] - draws[None]).mean()),
        "pit": float(((draws < y).sum() + 0.5 * (draws == y).sum()) / len(draws)),
    }
    for y in [0.0, 1.3, float(draws[3]), 50.0]
]

pathlib.Path(__file__).with_name("statistics.json").write_text(
    json.dumps(
        {
            "tool": f"SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}",
            "with": f"NumPy {np.__version__}, Python {platform.python_version()}",
            "script": "statistics.py",
            "date": str(datetime.date.today()),
            "series": [series(name, x) for name, x in SERIES.items()],
            "tables": tables,
            "scores": scores,
        }
    )
    + "\n"
)
