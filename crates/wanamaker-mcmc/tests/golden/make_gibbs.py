"""Writes gibbs.json: the posterior of a conjugate linear model by one-dimensional quadrature over the noise variance.

Given the variance the coefficients are normal; its own marginal density is known up to a constant. Means and standard
deviations follow by adaptive quadrature over ln(variance).

Run with any Python that has SciPy:  python make_gibbs.py
"""

import datetime
import json
import pathlib
import platform

import numpy as np
import scipy
from scipy.integrate import quad

rng = np.random.default_rng(11)
n, p = 30, 4
X = rng.normal(size=(n, p))
X[:, 1] = 0.8 * X[:, 0] + 0.6 * X[:, 1]
X[:, 3] = 1.0
prior_mean = np.array([0.0, 0.5, -0.3, 1.0])
prior_sd = np.array([1.0, 0.7, 2.0, 3.0])
a0, b0 = 2.0, 1.0
y = X @ np.array([0.9, -0.4, 0.0, 2.0]) + 0.8 * rng.normal(size=n)
X, y = np.round(X, 6), np.round(y, 6)


def conditional(variance):
    """Mean and covariance of the coefficients given the variance."""
    precision = X.T @ X / variance + np.diag(prior_sd**-2)
    covariance = np.linalg.inv(precision)
    return covariance @ (X.T @ y / variance + prior_mean / prior_sd**2), covariance


def ln_marginal(ln_variance):
    """ln p(ln variance | y) up to a constant, the Jacobian of the logarithm included."""
    variance = np.exp(ln_variance)
    covariance = variance * np.eye(n) + (X * prior_sd**2) @ X.T
    e = y - X @ prior_mean
    _, ln_det = np.linalg.slogdet(covariance)
    likelihood = -0.5 * (ln_det + e @ np.linalg.solve(covariance, e))
    return likelihood - a0 * ln_variance - b0 / variance


grid = np.linspace(-6, 6, 2001)
peak = max(ln_marginal(x) for x in grid)


def expectation(value):
    inside = lambda x: value(np.exp(x)) * np.exp(ln_marginal(x) - peak)
    return quad(inside, -6, 6, epsabs=0, epsrel=1e-12, limit=500)[0] / total


total = 1.0
total = expectation(lambda _: 1.0)
mean = np.array([expectation(lambda v: conditional(v)[0][j]) for j in range(p)])
second = np.array(
    [expectation(lambda v: conditional(v)[1][j, j] + conditional(v)[0][j] ** 2) for j in range(p)]
)
variance_mean = expectation(lambda v: v)
variance_second = expectation(lambda v: v * v)
known = conditional(0.5)

golden = {
    "made": {
        "date": datetime.date.today().isoformat(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    },
    "columns": X.T.tolist(),
    "y": y.tolist(),
    "prior_mean": prior_mean.tolist(),
    "prior_sd": prior_sd.tolist(),
    "a0": a0,
    "b0": b0,
    "mean": mean.tolist(),
    "sd": np.sqrt(second - mean**2).tolist(),
    "variance_mean": variance_mean,
    "variance_sd": float(np.sqrt(variance_second - variance_mean**2)),
    "known_variance": 0.5,
    "known_mean": known[0].tolist(),
    "known_sd": np.sqrt(np.diag(known[1])).tolist(),
}
path = pathlib.Path(__file__).with_name("gibbs.json")
path.write_text(json.dumps(golden, indent=1) + "\n")
