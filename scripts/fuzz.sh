#!/bin/sh
# Runs every fuzz target of the module for the time given, two at a time, each
# on one core, but for lines "package target" that match the pattern FUZZSKIP.
# `go test -list` names a package's targets, then the package: "ok path 0.01s".
set -eu
list=$(go test -list '^Fuzz' ./...)
echo "$list" |
	awk '/^Fuzz/ { targets[n++] = $1 } $1 == "ok" { for (i = 0; i < n; i++) print $2, targets[i]; n = 0 }' |
	grep -Ev "${FUZZSKIP:-^$}" |
	FUZZTIME=$1 xargs -P 2 -L 1 sh -c '
		echo "fuzz $1 $2"
		go test -run "^$" -fuzz "^$2\$" -fuzztime "$FUZZTIME" -fuzzminimizetime 10x -parallel 1 "$1" </dev/null' sh
