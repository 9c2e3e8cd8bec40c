#!/bin/sh
# Makes a data folder with a finished demo in it: bake-demo.sh MMM FOLDER
set -eu
mmm=$1
folder=$2
port=${BAKE_PORT:-18473}
url=http://127.0.0.1:$port

mkdir -p "$folder"
"$mmm" serve --host 127.0.0.1 --port "$port" --data "$folder" &
server=$!
trap 'kill "$server" 2> /dev/null || true' EXIT

tries=0
until curl -fsS "$url/readyz" > /dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 150 ] || { echo "the server does not answer" >&2; exit 1; }
    sleep 0.2
done

post() {
    curl -fsS -X POST -H 'content-type: application/json' -d "$2" "$url/api/v1/$1"
}
# The first field of that name; answers begin with their own.
field() {
    sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/;T;p;q"
}

dataset=$(post simulations '{"preset":"recoverable","seed":1}' | tr ',' '\n' | field id)
job=$(post fits "{\"dataset\":\"$dataset\",\"name\":\"demo\"}" | tr ',' '\n' | field job)
state=queued
while [ "$state" = queued ] || [ "$state" = running ]; do
    state=$(curl -fsS "$url/api/v1/jobs/$job?wait=30" | tr ',' '\n' | field state)
done
[ "$state" = succeeded ] || { echo "the fit of the demo is $state" >&2; exit 1; }

# A server that is told to end leaves its files as they should be.
kill "$server"
wait "$server" || true
trap - EXIT
