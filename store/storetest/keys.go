package storetest

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// SortedKeys returns the keys of m in ascending order.
func SortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}

// DisjointPrefixes fails t if one of the prefixes of maps, or keys of items,
// begins with another: their entries would mix.
func DisjointPrefixes(t testing.TB, prefixes ...string) {
	t.Helper()
	sorted := slices.Sorted(slices.Values(prefixes))
	for i := 1; i < len(sorted); i++ {
		if strings.HasPrefix(sorted[i], sorted[i-1]) {
			t.Errorf("the prefix %q begins with the prefix %q", sorted[i], sorted[i-1])
		}
	}
}
