#!/usr/bin/env bash
# Sampling by mmm and by its peers, the same models on the same data. usage:
#   run.sh [--draws N] [--tune N] [--quick] [example] [panel] [daily] [geo] [gibbs]      all five when none is named
# --quick is 4 × (250 + 250) for the slow ones, daily and geo. Needs Python 3.11 and the folder shared/data beside this
# repository. PEERS_DIR (target/peers) takes virtual environments, draws, logs and the table, sampling.md; MMM is the program
# to run, built here when it is not said.
set -euo pipefail
cd "$(dirname "$0")/../../.."
here=bench/peers/sampling data=../shared/data peers=${PEERS_DIR:-target/peers}
words=() models=()
while [ $# -gt 0 ]; do
    case $1 in
        --draws | --tune) words+=("$1" "${2:?"$1 wants a number"}") && shift ;;
        --quick) words+=("$1") ;;
        example | panel | daily | geo | gibbs) models+=("$1") ;;
        *) echo "run.sh: not understood: $1" >&2 && exit 2 ;;
    esac
    shift
done
[ ${#models[@]} -gt 0 ] || models=(example panel daily geo gibbs)
if [ ! -d "$data" ]; then
    echo "run.sh: the data are not here: $data" >&2
    exit 1
fi
environment() { # NAME
    pins=$here/requirements/$1.txt
    if ! cmp --silent "$pins" "$peers/$1/pins.txt"; then
        python3 -m venv --clear "$peers/$1"
        "$peers/$1/bin/pip" install --quiet --requirement "$pins"
        cp "$pins" "$peers/$1/pins.txt"
    fi
}
environment judge
for model in "${models[@]}"; do
    case $model in
        example | panel) environment pymc ;;
        daily) environment pymc && environment numpyro ;;
        geo) environment meridian ;;
    esac
done
if [ -z "${MMM:-}" ]; then
    cargo build --release --quiet --package wanamaker-cli --bin mmm
    MMM=target/release/mmm
fi
"$peers/judge/bin/python" "$here/compare.py" "$data" "$peers" "$MMM" ${words[@]+"${words[@]}"} "${models[@]}"
