"""The daily model written in NumPyro, in double precision, sampled by its NUTS."""

import sys

import numpyro

from peer import CHAINS, SEED, Clock, save, save_density, words

numpyro.enable_x64()
numpyro.set_host_device_count(CHAINS)
import jax
import jax.numpy as jnp
import numpyro.distributions as dist
from daily import DECAY_BETA, HALF_NORMAL_SD, INTERCEPT_MEAN, LENGTHS, NORMAL_SD, POINT, read
from numpyro.infer import MCMC, NUTS, init_to_median
from numpyro.infer.reparam import TransformReparam
from numpyro.infer.util import log_density


def geometric(exposure, decay):
    """a[t] = x[t] + decay·a[t−1]: faster here than an associative scan, doubling, blocks or a convolution."""

    def day(before, x):
        now = x + decay * before
        return now, now

    return jax.lax.scan(day, jnp.zeros(exposure.shape[1]), exposure)[1]


def normal(name: str, mean: float = 0.0):
    """In units of the prior, so that the sampler does not begin with scales four orders of magnitude apart."""
    units = dist.Normal().expand([LENGTHS[name]] if name in LENGTHS else [])
    scaled = dist.TransformedDistribution(units, dist.transforms.AffineTransform(mean, NORMAL_SD[name]))
    return numpyro.sample(name, scaled)


def half_normal(name: str):
    scale = jnp.array(HALF_NORMAL_SD[name])
    return numpyro.sample(name, dist.HalfNormal(scale).expand([LENGTHS[name]] if name in LENGTHS else []))


def model(data):
    intercept = normal("intercept", INTERCEPT_MEAN)
    base = data.t * normal("trend") + data.fourier @ normal("seasonality_year")
    base += data.weekday @ normal("day_of_week") + data.control @ normal("control")
    carried = geometric(data.exposure, numpyro.sample("decay", dist.Beta(*jnp.array(DECAY_BETA))))
    hill = jax.nn.sigmoid(half_normal("slope") * (jnp.log(carried) - jnp.log(half_normal("ec50"))))
    mu = intercept * (1 + hill @ half_normal("beta")) + base
    numpyro.sample("revenue", dist.Normal(mu, half_normal("sigma")), obs=data.y)


words = words()
data = read(words.data)
if words.density:
    value, _ = log_density(model, (data,), {}, {name: jnp.array(value) for name, value in POINT.items()})
    save_density(words.out, POINT, value)
    sys.exit()
in_units = numpyro.handlers.reparam(model, config={name: TransformReparam() for name in NORMAL_SD})
kernel = NUTS(in_units, target_accept_prob=words.accept, init_strategy=init_to_median)
mcmc = MCMC(kernel, num_warmup=words.tune, num_samples=words.draws, num_chains=CHAINS, progress_bar=False)
clock = Clock()
# Compiles as well, some ten seconds.
with clock:
    mcmc.run(jax.random.PRNGKey(SEED), data, extra_fields=("diverging",))
    draws = jax.block_until_ready(mcmc.get_samples(group_by_chain=True))
diverging = mcmc.get_extra_fields(group_by_chain=True)["diverging"]
save(words.out, {name: draws[name] for name in POINT}, diverging, clock, ["numpyro", "jax"])
