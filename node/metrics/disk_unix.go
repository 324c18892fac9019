//go:build linux || darwin || freebsd

package metrics

import (
	"math"

	"golang.org/x/sys/unix"
)

// space returns the bytes that are free to the process on the file system of a
// folder, and its size; not numbers if the system does not say.
func space(folder string) (free, size float64) {
	var s unix.Statfs_t
	if unix.Statfs(folder, &s) != nil {
		return math.NaN(), math.NaN()
	}
	block := float64(s.Bsize)
	return float64(s.Bavail) * block, float64(s.Blocks) * block
}
