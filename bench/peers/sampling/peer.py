"""What the drivers share: their words, a clock for the sampling alone, and the file of draws.

A driver is called `DATA OUT.npz [--draws N] [--tune N] [--accept P]` and leaves `OUT.npz` with its draws, arrays
`[chain, draw, …]` of the free parameters and `diverging`, and `OUT.json` with the seconds of sampling and versions.
Called with `--density` it leaves in `OUT.json` a point and the log density of its model there instead.
"""

import argparse
import json
import time
from importlib.metadata import version
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

import numpy as np

CHAINS = 4
SEED = 1


def words(**more: dict) -> argparse.Namespace:
    """The words of a driver; `more` are options of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("out", type=Path)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--tune", type=int, default=1000)
    parser.add_argument("--accept", type=float)
    parser.add_argument("--density", action="store_true")
    for name, how in more.items():
        parser.add_argument(f"--{name}", **how)
    return parser.parse_args()


class Clock:
    """Wall and CPU seconds spent inside it, those of processes that it started and that have ended included."""

    def __init__(self):
        self.wall = self.cpu = 0.0

    def __enter__(self):
        self.began = time.perf_counter(), cpu_seconds()
        return self

    def __exit__(self, *_):
        self.wall += time.perf_counter() - self.began[0]
        self.cpu += cpu_seconds() - self.began[1]

    def around(self, module, name: str):
        """Counts what a library spends inside one of its functions: the door to use where its user has no other."""
        inner = getattr(module, name)

        def timed(*args, **kwargs):
            with self:
                return inner(*args, **kwargs)

        setattr(module, name, timed)


def cpu_seconds() -> float:
    used = [getrusage(of) for of in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def save(out: Path, draws: dict, diverging, clock: Clock, packages: list[str]):
    np.savez(out, diverging=np.asarray(diverging), **{name: np.asarray(values) for name, values in draws.items()})
    versions = {name: version(name) for name in packages}
    state(out, {"sampling_wall_s": clock.wall, "sampling_cpu_s": clock.cpu, "versions": versions})


def save_density(out: Path, point: dict, log_density: float):
    plain = {name: np.asarray(value).ravel().tolist() if np.ndim(value) else float(value) for name, value in point.items()}
    state(out, {"point": plain, "log_density": float(log_density)})


def state(out: Path, found: dict):
    out.with_suffix(".json").write_text(json.dumps(found, indent=1))
