"""SciPy's SLSQP from the equal split: in money with its default tolerance, or in shares of the budget, scaled."""

import json
import sys
import time

import numpy as np
from response import Response
from scipy.optimize import minimize

path, weeks, budget, scaled = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4] == "scaled"
response = Response(path, weeks)
n = len(response.names)
unit = budget if scaled else 1.0
worth = response.outcome(np.full(n, budget / n)) if scaled else 1.0


def loss(x):
    value, slope = response.outcomes(np.maximum(x, 0) * unit)
    return -value.sum() / worth, -slope * unit / worth


began = time.perf_counter()
found = minimize(
    loss,
    np.full(n, budget / n / unit),
    jac=True,
    method="SLSQP",
    bounds=[(0, budget / unit)] * n,
    constraints={"type": "eq", "fun": lambda x: x.sum() - budget / unit, "jac": np.ones_like},
    options={"ftol": 1e-12 if scaled else 1e-9, "maxiter": 1000},
)
plan = np.maximum(found.x, 0) * unit
json.dump(
    {"plan": list(plan), "solve_s": time.perf_counter() - began, "remark": f"{found.nit} iterations"}, sys.stdout
)
