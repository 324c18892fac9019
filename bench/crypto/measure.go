package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

var (
	turns    = 41                    // how often each contender runs; odd, so that a median exists
	turnTime = 20 * time.Millisecond // how long it runs each time, about
)

// contender is one way to do a piece of work. do does it n times.
type contender struct {
	name string
	do   func(n int)
}

// compare prints a table of contenders that do the same work. They run in turns,
// a different one first each time, so that they meet the same machine. A row
// gives the median time, and the median over the turns of the quotient to the
// first contender's time in the same turn.
func compare(w io.Writer, title string, contenders ...contender) {
	counts := make([]int, len(contenders))
	for i, c := range contenders {
		counts[i] = calibrate(c)
	}
	times, ratios := make([][]float64, len(contenders)), make([][]float64, len(contenders))
	now := make([]float64, len(contenders)) // ns per piece of work, of this turn
	for turn := range turns {
		for k := range contenders {
			i := (turn + k) % len(contenders)
			start := time.Now()
			contenders[i].do(counts[i])
			now[i] = float64(time.Since(start).Nanoseconds()) / float64(counts[i])
		}
		for i := range contenders {
			times[i] = append(times[i], now[i])
			ratios[i] = append(ratios[i], now[i]/now[0])
		}
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%s\n", title)
	fmt.Fprintf(t, "\ttime\tper second\ttime ÷ first\t\n")
	for i, c := range contenders {
		ns := middle(times[i])
		fmt.Fprintf(t, "%-52s\t%s\t%.0f\t%.3f\t\n", c.name, duration(ns), 1e9/ns, middle(ratios[i]))
	}
	t.Flush()
}

// calibrate returns how many pieces of work fill about turnTime, after a run
// that warms caches.
func calibrate(c contender) int {
	c.do(1)
	for n := 1; ; n *= 2 {
		start := time.Now()
		c.do(n)
		if took := time.Since(start); took > turnTime/4 {
			return max(1, int(float64(n)*float64(turnTime)/float64(took)))
		}
	}
}

// middle returns the median of an odd number of values.
func middle(values []float64) float64 {
	return slices.Sorted(slices.Values(values))[len(values)/2]
}

func duration(ns float64) string {
	if ns < 10_000 {
		return fmt.Sprintf("%.0f ns", ns)
	}
	return fmt.Sprintf("%.1f µs", ns/1000)
}
