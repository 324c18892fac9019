// Command light measures the verification of bundles: how many a core verifies in
// a second, beside the SM2 and SM3 that the same bundles need without anything
// around them; and how large bundles are. README.md says how and gives figures.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/hallmark-ledger/hallmark/light"
)

var (
	turns    = 41                    // how often each contender runs; odd, so that a median exists
	turnTime = 20 * time.Millisecond // how long it runs each time, about
)

func main() {
	keys := flag.Int("keys", 1_000_000, "keys in the state")
	profile := flag.String("cpuprofile", "", "write a profile of what is measured to this file")
	quick := flag.Bool("quick", false, "a small and short run that shows only that everything works")
	samples := flag.String("samples", "", "measure nothing; write bundles of 4 and 7 validators to this file, for make bench-web")
	flag.Parse()
	if *quick {
		*keys, turns, turnTime = 20_000, 5, turnTime/5
	}
	err := error(nil)
	if *samples != "" {
		err = export(*samples, *keys, 4, 7)
	} else {
		err = run(*keys, *profile)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "light:", err)
		os.Exit(1)
	}
}

func run(keys int, profile string) error {
	fmt.Printf("%s, %s/%s, one core\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	var all []*sample
	for _, validators := range []int{7, 20} {
		samples, err := samplesOf(keys, validators)
		if err != nil {
			return err
		}
		all = append(all, samples...)
	}
	sizes(os.Stdout, keys, all)
	runtime.GOMAXPROCS(1)
	if profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	for _, s := range all {
		if err := s.measure(os.Stdout); err != nil {
			return err
		}
	}
	return nil
}

// measure compares verdicts with the arithmetic that they need.
func (s *sample) measure(w io.Writer) error {
	known := light.NewVerifier(s.card)
	for _, v := range []*light.Verdict{s.verify(), s.verifyKnown(known)} {
		if v.Outcome != light.Holds {
			return fmt.Errorf("%s: %v", s.name, v.Reasons)
		}
	}
	bound := boundOf(s)
	if err := bound.check(s); err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%s: %d B, %d signatures, %d hashes\n", s.name, len(s.bundle), len(bound.signatures), len(bound.sums)+len(bound.pairs))
	compare(w,
		[2]contender{{"fresh seal: SM2 and SM3 alone", func() { bound.sm2(); bound.sm3() }}, {"fresh seal: light.Verify", func() { s.verify() }}},
		[2]contender{{"known seal: SM3 alone", bound.sm3}, {"known seal: Verifier.Verify", func() { s.verifyKnown(known) }}},
	)
	return nil
}

func (s *sample) verify() *light.Verdict {
	return light.Verify(s.bundle, s.card, s.claim, s.limits, s.now)
}

func (s *sample) verifyKnown(v *light.Verifier) *light.Verdict {
	return v.Verify(s.bundle, s.claim, s.limits, s.now)
}

// contender is a piece of work.
type contender struct {
	name string
	do   func()
}

// compare prints, for each pair of a bound and what has it, the median times and
// the median over the turns of the bound's time by the other's in the same turn.
// The two run in turns, so that they meet the same machine. Time is that of the
// processor, all threads of the program together, the collector's too.
func compare(w io.Writer, pairs ...[2]contender) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "\ttime\tper second\tof the bound\t\n")
	for _, pair := range pairs {
		var times [2][]float64
		var ratios []float64
		counts := [2]int{calibrate(pair[0].do), calibrate(pair[1].do)}
		for turn := range turns {
			var now [2]float64
			for k := range 2 {
				i := (turn + k) % 2
				start := cpuTime()
				for range counts[i] {
					pair[i].do()
				}
				now[i] = float64(cpuTime()-start) / float64(counts[i])
				times[i] = append(times[i], now[i])
			}
			ratios = append(ratios, now[0]/now[1])
		}
		for i, c := range pair {
			ns := middle(times[i])
			of := ""
			if i == 1 {
				of = fmt.Sprintf("%.1f %%", 100*middle(ratios))
			}
			fmt.Fprintf(t, "%-30s\t%.1f µs\t%.0f\t%s\t\n", c.name, ns/1000, 1e9/ns, of)
		}
	}
	t.Flush()
}

// cpuTime is the time in nanoseconds that the program has had a core.
func cpuTime() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

// calibrate returns how many pieces of work fill about turnTime.
func calibrate(do func()) int {
	for n := 1; ; n *= 2 {
		start := time.Now()
		for range n {
			do()
		}
		if took := time.Since(start); took > turnTime/4 {
			return max(1, int(float64(n)*float64(turnTime)/float64(took)))
		}
	}
}

func middle(values []float64) float64 { return slices.Sorted(slices.Values(values))[len(values)/2] }
