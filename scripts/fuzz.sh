#!/bin/sh
# Runs every fuzz target of the module, one after another, for the time given.
# `go test -list` names a package's targets, then the package: "ok path 0.01s".
set -eu
list=$(go test -list '^Fuzz' ./...)
targets=
while read -r first package _; do
	case $first in
	Fuzz*)
		targets="$targets $first"
		;;
	ok)
		for target in $targets; do
			echo "fuzz $package $target"
			go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" "$package" </dev/null
		done
		targets=
		;;
	esac
done <<EOF
$list
EOF
