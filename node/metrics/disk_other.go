//go:build !(linux || darwin || freebsd)

package metrics

import "math"

// space is not known here.
func space(string) (free, size float64) { return math.NaN(), math.NaN() }
