"""Runs mmm and its peers on the same models and the same data, one process after the other: a Markdown table.

usage: compare.py DATA PEERS MMM [--draws 1000] [--tune 1000] [--quick] [example|panel|daily|geo|gibbs ...]

All draws are judged by the same ArviZ: R-hat and bulk ESS over all free parameters. What `mmm` spends on sampling is taken
to be all that its process spends, reading, compiling, convergence figures and the written file included.
"""

import argparse
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from glob import glob
from pathlib import Path

import arviz as az
import numpy as np
import pyarrow.parquet as parquet

HERE = Path(__file__).parent
CHAINS = 4
QUICK = 250
# Scans thrown away and kept by the benchmark of our Gibbs sampler.
GIBBS_TUNE, GIBBS_DRAWS = 400, 800


@dataclass
class Peer:
    who: str
    venv: str
    script: str
    options: list[str] = field(default_factory=list)
    # The same log density as ours: held against it before anything is timed.
    is_same_model: bool = True


@dataclass
class Model:
    title: str
    data: str
    # Target acceptance of everyone, the first; `None` is each one's default. Ours is run once for each.
    accepts: list[float | None]
    peers: list[Peer]
    is_slow: bool = False


MODELS = {
    "example": Model(
        "179 weeks × 2 channels",
        "pymc_marketing/mmm_example.csv",
        [0.92],
        [
            Peer("PyMC-Marketing, PyMC's NUTS", "pymc", "with_pymc_marketing.py"),
            Peer("PyMC-Marketing, nutpie", "pymc", "with_pymc_marketing.py", ["--sampler", "nutpie"]),
        ],
    ),
    "panel": Model(
        "2 geos × 2 channels, weekly",
        "pymc_marketing/mmm_multidimensional_example.csv",
        [0.92],
        [
            Peer("PyMC-Marketing, PyMC's NUTS", "pymc", "with_pymc_marketing.py"),
            Peer("PyMC-Marketing, nutpie", "pymc", "with_pymc_marketing.py", ["--sampler", "nutpie"]),
        ],
    ),
    "daily": Model(
        "1,095 days × 5 channels",
        "seed_tools/s3_daily5/mmm_daily_data.csv",
        [0.95, 0.99],
        [Peer("PyMC, nutpie", "pymc", "with_pymc.py"), Peer("NumPyro", "numpyro", "with_numpyro.py")],
        is_slow=True,
    ),
    "geo": Model(
        "20 geos × 156 weeks × 4 channels; not the same model",
        "meridian/geo_media.csv",
        [None],
        [Peer("Meridian", "meridian", "with_meridian.py", is_same_model=False)],
        is_slow=True,
    ),
}
GIBBS = Peer("NumPy", "judge", "with_numpy_gibbs.py")


class Failed(Exception):
    pass


@dataclass
class Cost:
    """Of a process and of those it waited for; the memory is that of the largest of them."""

    wall: float
    cpu: float
    peak_mb: float


@dataclass
class Row:
    title: str
    who: str
    draws: str
    failed: str | None = None
    r_hat: float | None = None
    min_ess: float | None = None
    median_ess: float | None = None
    divergent: int | None = None
    sampling_cpu: float | None = None
    cost: Cost | None = None


class Bench:
    def __init__(self, words: argparse.Namespace):
        self.words = words
        self.out = words.peers / "sampling"
        self.out.mkdir(parents=True, exist_ok=True)
        self.rows: list[Row] = []
        self.remarks: list[str] = []
        self.versions = {"python": platform.python_version(), "arviz": az.__version__}
        self.loads: list[float] = []

    def process(self, name: str, command: list) -> Cost:
        """Runs to the end; what it says goes into a log."""
        log = self.out / f"{name}.log"
        self.loads.append(os.getloadavg()[0])
        print(f"{name}, load average {self.loads[-1]:.1f} …", end="", flush=True, file=sys.stderr)
        launcher = [sys.executable, "-I", "-S", HERE / "cost.py", log]
        found = json.loads(subprocess.check_output([str(word) for word in launcher + command]))
        exit_code, cost = found.pop("exit"), Cost(**found)
        print(f" {cost.wall:.1f} s", file=sys.stderr)
        if exit_code != 0:
            lines = log.read_text().strip().splitlines() or ["nothing said"]
            raise Failed(f"{lines[-1][:120]} (exit {exit_code}, {log})")
        return cost

    def row(self, title: str, who: str, draws: str, run):
        """One more row, whatever becomes of it."""
        row = Row(title, who, draws)
        try:
            run(row)
        except Exception as error:
            row.failed = f"{error}" if isinstance(error, Failed) else repr(error)
        self.rows.append(row)

    def drive(self, name: str, peer: Peer, data: Path | str, *more) -> tuple[Cost, dict, Path]:
        """What a driver cost, what it stated, and where its draws are."""
        draws = self.out / f"{name}.npz"
        python = self.words.peers / peer.venv / "bin" / "python"
        cost = self.process(name, [python, HERE / peer.script, data, draws, *peer.options, *more])
        return cost, json.loads(draws.with_suffix(".json").read_text()), draws

    def peer(self, row: Row, name: str, peer: Peer, data: Path | str, *more):
        row.cost, stated, draws = self.drive(name, peer, data, *more)
        row.sampling_cpu = stated["sampling_cpu_s"]
        self.versions |= stated["versions"]
        arrays = dict(np.load(draws))
        diverging = arrays.pop("diverging")
        judge(row, arrays, diverging)

    def mmm(self, row: Row, key: str, data: Path, settings: list):
        fit = self.out / f"{key}.mmm"
        command = [self.words.mmm, "fit", HERE / f"specs/{key}.toml", "-d", data, "-o", fit, "--quiet"]
        row.cost = self.process(f"{key}-mmm", command + ["--chains", CHAINS, "--seed", 1, *settings])
        row.sampling_cpu = row.cost.cpu
        posterior, stats = table(fit, "posterior"), table(fit, "sample_stats")
        judge(row, {name: posterior[name] for name in posterior if name not in ("chain", "draw")}, stats["diverging"])

    def proof(self, key: str, peer: Peer, data: Path):
        """The log density of the peer's model and of ours at the same point."""
        where = f"{MODELS[key].title}, {peer.script}"
        try:
            _, stated, _ = self.drive(f"{key}-density", peer, data, "--density")
            command = [self.words.mmm, "density", HERE / f"specs/{key}.toml", "-d", data, "--at", "-", "--json"]
            said = subprocess.run(command, input=json.dumps(stated["point"]), capture_output=True, text=True, check=True)
            ours, theirs = json.loads(said.stdout)["joint"], stated["log_density"]
            self.remarks.append(
                f"{where}: log density at one point {theirs:.10g}, of mmm {ours:.10g}, relative difference {abs(theirs / ours - 1):.0e}"
            )
        except (Failed, subprocess.CalledProcessError) as error:
            self.remarks.append(f"{where}: log densities could not be compared: {error}")

    def model(self, key: str):
        model, words = MODELS[key], self.words
        data = words.data / model.data
        draws, tune = (QUICK, QUICK) if words.quick and model.is_slow else (words.draws, words.tune)
        counts = ["--draws", draws, "--tune", tune]
        said = f"{CHAINS} × ({tune:,} + {draws:,})"
        for peer in {peer.script: peer for peer in model.peers if peer.is_same_model}.values():
            self.proof(key, peer, data)
        for accept in model.accepts:
            settings = counts + ([] if accept is None else ["--target-accept", accept])
            self.row(model.title, named("mmm", accept), said, lambda row: self.mmm(row, key, data, settings))
        accept = model.accepts[0]
        settings = counts + ([] if accept is None else ["--accept", accept])
        for peer in model.peers:
            name = f"{key}-{peer.who.split()[-1]}"
            run = lambda row: self.peer(row, name, peer, data, *settings)
            self.row(model.title, named(peer.who, accept), said, run)

    def gibbs(self):
        title, said = "Gibbs, 220 × 8", f"1 × ({GIBBS_TUNE} + {GIBBS_DRAWS})"
        self.row(title, "mmm's engine", said, self.criterion)
        counts = ["--draws", GIBBS_DRAWS, "--tune", GIBBS_TUNE]
        self.row(title, GIBBS.who, said, lambda row: self.peer(row, "gibbs-numpy", GIBBS, "-", *counts))

    def criterion(self, row: Row):
        """The engine alone, as `cargo bench` times it: a process would be all start-up."""
        if shutil.which("cargo") is None:
            raise Failed("cargo is not here")
        target = os.environ.get("CARGO_TARGET_DIR", "target")
        bench = ["cargo", "bench", "--quiet", "--package", "wanamaker-bench", "--bench", "engines", "--", "gibbs, n"]
        self.process("gibbs-mmm", bench)
        [found] = glob(f"{target}/criterion/gibbs, n*/new/estimates.json")
        row.sampling_cpu = json.loads(Path(found).read_text())["median"]["point_estimate"] * 1e-9

    def report(self) -> str:
        lines = [
            "| model | who | draws | R-hat | min ESS | median ESS | divergent | sampling, CPU s | process, wall s"
            " | process, CPU s | peak MB | min ESS / sampling CPU s | median ESS / sampling CPU s"
            " | min ESS / process CPU s | mmm is faster by |",
            "|---|---|---|" + "---:|" * 12,
        ]
        for row in self.rows:
            ours = next(first for first in self.rows if first.title == row.title)
            lines.append("| " + " | ".join(cells(row, ours)) + " |")
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        mmm = subprocess.run([self.words.mmm, "--version"], capture_output=True, text=True).stdout.strip()
        lines += ["", *(f"- {remark}" for remark in self.remarks), f"- {mmm}, {versions}"]
        loads = f"load average when a run began {min(self.loads):.1f} to {max(self.loads):.1f}"
        return "\n".join(lines + [f"- {processor()}, {os.cpu_count()} hardware threads, {loads}", ""])


def named(who: str, accept: float | None) -> str:
    return who if accept is None else f"{who}, acceptance {accept}"


def table(fit: Path, name: str) -> dict[str, np.ndarray]:
    """A table of a fit file, every column as `[chain, draw]`."""
    with zipfile.ZipFile(fit) as file:
        columns = parquet.read_table(io.BytesIO(file.read(f"{name}.parquet")))
    return {name: columns[name].to_numpy().reshape(CHAINS, -1) for name in columns.column_names}


def judge(row: Row, draws: dict[str, np.ndarray], diverging: np.ndarray):
    posterior = az.convert_to_dataset(draws)
    figures = lambda of: np.concatenate([values.values.ravel() for values in of(posterior).values()])
    ess = figures(lambda posterior: az.ess(posterior, method="bulk"))
    row.r_hat = figures(az.rhat).max() if diverging.shape[0] > 1 else None
    row.min_ess, row.median_ess = ess.min(), np.median(ess)
    row.divergent = int(diverging.sum())


def cells(row: Row, ours: Row) -> list[str]:
    if row.failed:
        return [row.title, row.who, row.draws, f"failed: {row.failed.replace('|', '/')}"] + ["–"] * 11
    show = lambda value, form: "–" if value is None else format(value, form)
    per = lambda ess, seconds: None if None in (ess, seconds) else ess / seconds
    cost = row.cost or Cost(None, None, None)
    rate = per(row.min_ess, row.sampling_cpu)
    faster = per(per(ours.min_ess, ours.sampling_cpu), rate)
    if ours.min_ess is None:
        # The same scans, so time for time.
        faster = per(row.sampling_cpu, ours.sampling_cpu)
    return [
        row.title,
        row.who,
        row.draws,
        show(row.r_hat, ".3f"),
        show(row.min_ess, ",.0f"),
        show(row.median_ess, ",.0f"),
        show(row.divergent, ","),
        show(row.sampling_cpu, ",.3g" if (row.sampling_cpu or 1) < 100 else ",.0f"),
        show(cost.wall, ",.1f"),
        show(cost.cpu, ",.1f"),
        show(cost.peak_mb, ",.0f"),
        show(rate, ",.3g"),
        show(per(row.median_ess, row.sampling_cpu), ",.3g"),
        show(per(row.min_ess, cost.cpu), ",.3g"),
        show(faster, ",.1f") if faster is not None else "–",
    ]


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(": ", 1)[1] for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("peers", type=Path)
    parser.add_argument("mmm")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--tune", type=int, default=1000)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("models", nargs="*")
    words = parser.parse_intermixed_args()
    bench = Bench(words)
    for key in words.models:
        bench.gibbs() if key == "gibbs" else bench.model(key)
    report = bench.report()
    (words.peers / "sampling.md").write_text(report)
    print(report, end="")


main()
