"""Everyone's plan for one budget on the same curves, weighed by the same judge: a Markdown table.

usage: compare.py MMM CURVES [--weeks 13] [--without-pymc]
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from response import Response

HERE = Path(__file__).parent


def timed(command):
    """What `command` prints as JSON, with its wall and CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout), wall, cpu


def main():
    words = argparse.ArgumentParser()
    words.add_argument("mmm")
    words.add_argument("curves")
    words.add_argument("--weeks", type=int, default=13)
    words.add_argument("--without-pymc", action="store_true")
    words = words.parse_args()
    response = Response(words.curves, words.weeks)
    budget = float(response.current.sum())
    peer = lambda script, *more: [
        sys.executable, str(HERE / script), words.curves, str(words.weeks), str(budget), *more
    ]
    rows = [("equal split", np.full(len(response.names), budget / len(response.names)), None, None, None, "where SLSQP starts")]

    ours = [words.mmm, "optimize", "--curves", words.curves, "--budget", str(budget), "--horizon", str(words.weeks)]
    ours += ["--flighting", "even", "--min", "0", "--max", str(budget), "--method", "global", "--json", "--quiet"]
    plan, wall, cpu = timed(ours)
    channels = {channel["name"]: channel["spend"]["total"] for channel in plan["plan"]["channels"]}
    spend = np.array([channels[name] for name in response.names])
    gap = plan["plan"]["proof"]["relative_gap"]
    rows.append(("mmm optimize", spend, None, wall, cpu, f"proven gap {gap:.0e}"))
    for name, mode in [("SciPy SLSQP, in money", "money"), ("SciPy SLSQP, scaled", "scaled")]:
        found, wall, cpu = timed(peer("with_scipy.py", mode))
        rows.append((name, np.array(found["plan"]), found["solve_s"], wall, cpu, found["remark"]))
    if not words.without_pymc:
        found, wall, cpu = timed(peer("with_pymc_marketing.py"))
        plan, remark = found["plan"], found["remark"]
        if plan is not None:
            plan = np.array(plan)
            off = abs(found["own_value"] / response.outcome(plan) - 1)
            remark += f"; its value and the judge's differ by {off:.0e}"
        rows.append(("PyMC-Marketing BudgetOptimizer", plan, found["solve_s"], wall, cpu, remark))

    values = [None if plan is None else response.outcome(plan) for _, plan, *_ in rows]
    best = max(value for value in values if value is not None)
    second = lambda x: "–" if x is None else f"{x:.2f}"
    print("| plan | outcome | short of the best | solve, s | process, wall s | process, CPU s | |")
    print("|---|---:|---:|---:|---:|---:|---|")
    for (name, plan, solve, wall, cpu, remark), value in zip(rows, values):
        if plan is None:
            outcome, short = "no plan", "–"
        else:
            assert abs(plan.sum() - budget) < 1e-6 * budget, name
            outcome, short = f"{value:,.6g}", f"{100 * (1 - value / best):.4f} %"
        print(
            f"| {name} | {outcome} | {short} | {second(solve)} | {second(wall)} | {second(cpu)} | {remark} |"
        )
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    print(f"\nbudget {budget:,.0f} over {words.weeks} weeks; {os.cpu_count()} cores, load average {load}", file=sys.stderr)


main()
