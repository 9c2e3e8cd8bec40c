"""Runs a command and states what it cost, as JSON on standard output: cost.py LOG COMMAND…

A process of its own because a child begins with the peak memory of who started it, and this one is small.
"""

import json
import os
import subprocess
import sys
import time

with open(sys.argv[1], "w") as log:
    began = time.perf_counter()
    child = subprocess.Popen(sys.argv[2:], stdout=log, stderr=log)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - began
child.returncode = os.waitstatus_to_exitcode(status)
cpu, peak_mb = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
json.dump({"exit": child.returncode, "wall": wall, "cpu": cpu, "peak_mb": peak_mb}, sys.stdout)
