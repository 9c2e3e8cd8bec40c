"""The conjugate linear model of `bench/benches/engines.rs` by the textbook's Gibbs sampler in NumPy.

    y ~ N(X·b, σ²·I)        b ~ N(0, I)        σ² ~ InvGamma(2, 1)

One chain, 220 observations of eight columns; a scan draws b given σ² by one Cholesky factor, then σ² given b. The engine
of `mmm` rotates the columns once and needs no factor in a scan; the draws have the same distribution.
"""

import numpy as np
from peer import SEED, Clock, save, words

N, P = 220, 8


def sample(x, y, tune: int, draws: int, rng):
    gram, xy = x.T @ x, x.T @ y
    variance = y.var()
    kept = np.empty((draws, P)), np.empty(draws)
    for scan in range(tune + draws):
        factor = np.linalg.cholesky(gram / variance + np.eye(P))
        b = np.linalg.solve(factor.T, np.linalg.solve(factor, xy / variance) + rng.standard_normal(P))
        rest = y - x @ b
        variance = (1 + 0.5 * rest @ rest) / rng.gamma(2 + 0.5 * N)
        if scan >= tune:
            kept[0][scan - tune], kept[1][scan - tune] = b, variance
    return kept


words = words()
i, j = np.arange(N)[:, None], np.arange(P)
x = np.sin(i * (2 * j + 3) * 0.7) * np.sqrt(2)
y = x[:, 0] - 0.5 * x[:, 1] + np.sin(i[:, 0] * 2.3)
rng = np.random.default_rng(SEED)
sample(x, y, 10, 10, rng)
clock = Clock()
with clock:
    coefficients, variance = sample(x, y, words.tune, words.draws, rng)
save(words.out, {"beta": coefficients[None], "variance": variance[None]}, np.zeros((1, words.draws), bool), clock, ["numpy"])
