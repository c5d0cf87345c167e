#!/bin/bash
# Builds the program and the reference server, and compares them: "make bench", or bench/run.sh -only accept -rounds 9.
set -euo pipefail
cd "$(dirname "$0")/.."
export CGO_ENABLED=0
go build -trimpath -ldflags '-s -w' -o bin/tipstaff ./cmd/tipstaff
go -C bench build -trimpath -ldflags '-s -w' -o ../bin/refaccept ./refaccept
go -C bench build -trimpath -o ../bin/bench .
exec bin/bench "$@"
