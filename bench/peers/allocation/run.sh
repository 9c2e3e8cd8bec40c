#!/usr/bin/env bash
# Plans of the peers and of mmm on the same posterior, side by side. usage: run.sh [CHANNELS] [DRAWS]
# Needs Python 3.11 or later; installs what requirements.txt pins into target/peers.
set -euo pipefail
cd "$(dirname "$0")/../../.."
channels=${1:-20} draws=${2:-4000}
here=bench/peers/allocation venv=target/peers/venv
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
fi
cargo build --release --quiet --package wanamaker-cli --bin mmm
compare() { # KIND DRAWS UNIT
    curves=target/peers/$1-$channels-$2-$3.json
    cargo run --release --quiet --package wanamaker-bench --example posterior -- "$channels" "$2" "$1" "$3" > "$curves"
    printf '\n### %s, %s channels, %s draws, outcome in units of %s\n\n' "$1" "$channels" "$2" "$3"
    "$venv/bin/python" "$here/compare.py" target/release/mmm "$curves"
}
compare logistic "$draws" 1
compare hill "$draws" 1
# The same posterior with the outcome in tens of millions: a solver that is not scaled stops where it starts.
compare logistic 200 1e7
