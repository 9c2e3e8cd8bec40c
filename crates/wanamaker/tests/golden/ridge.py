"""Prints what scikit-learn says of ridge regression on the older tools' data: the numbers in tests/it/engines.rs.

Run beside the reference folder with any Python that has scikit-learn 1.9 and pandas:  python ridge.py ../../../../../shared/data/seed_tools
"""

import pathlib
import sys

import numpy as np
import pandas as pd
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import TimeSeriesSplit
from sklearn.preprocessing import StandardScaler

folder = pathlib.Path(sys.argv[1])


def adstock(x, decay):
    carried, out = 0.0, []
    for value in x:
        carried = value + decay * carried
        out.append(carried)
    return np.array(out)


def hill(x, slope, ec50):
    return x**slope / (x**slope + ec50**slope)


def report(name, X, y, penalties, cv):
    model = RidgeCV(alphas=penalties, cv=cv, scoring="neg_mean_squared_error").fit(X, y)
    e = y - model.predict(X)
    r2 = 1 - e @ e / np.sum((y - y.mean()) ** 2)
    n, p = X.shape
    print(name, "penalty", model.alpha_)
    print("  R2", r2, "adjusted", 1 - (1 - r2) * (n - 1) / (n - p - 1))
    print("  RMSE", np.sqrt(e @ e / n), "MAE", np.abs(e).mean(), "MAPE", 100 * np.abs(e / y).mean())
    print("  Durbin-Watson", np.sum(np.diff(e) ** 2) / (e @ e))
    print("  coefficients", model.coef_.tolist())


data = pd.read_csv(folder / "s2_analytics" / "data.csv")
t = np.arange(len(data))
media = [hill(adstock(data["spend_" + c], 0.5), 2, 500) for c in ("search", "social", "display", "audio")]
waves = [f(2 * np.pi * k * t / 52) for k in (1, 2) for f in (np.sin, np.cos)]
X = StandardScaler().fit_transform(np.column_stack([*media, t, *waves]))
penalties = [0.01, 0.1, 1, 10, 100]
report("analytics, contiguous", X, data.kpi.values, penalties, 5)
report("analytics, expanding", X, data.kpi.values, penalties, TimeSeriesSplit(5))

data = pd.read_csv(folder / "s4_kpi4" / "data.csv")
media = [hill(adstock(data["spend_" + c], 0.6), 1.2, 500) for c in ("search", "social", "audio", "display")]
X = np.column_stack([*media, data.trend, data.season])
report("kpi4, contiguous", X, data.kpi.values, [0.1, 1, 10], 5)
