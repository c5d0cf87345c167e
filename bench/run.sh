#!/usr/bin/env bash
# Compares the program with the plain reference server, in one run: make bench, or bench/run.sh -only accept.
# Arguments go to the bench program: -window 2s -rounds 5 -only accept|start|postgres|slow|pages|idle.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x bin/tipstaff ] || make build
CGO_ENABLED=0 go build -C bench -trimpath -o ../bin/refaccept ./refaccept
CGO_ENABLED=0 go build -C bench -trimpath -o ../bin/bench .
exec bin/bench -program bin/tipstaff -reference bin/refaccept -policy policies/juno.yaml "$@"
