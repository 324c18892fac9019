package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// row is one line of the table: a measure and how to print it for a target.
type row struct {
	measure string
	print   func(*outcome) string
}

var rows = []row{
	{"keys at the end", func(o *outcome) string { return fmt.Sprint(o.Keys) }},
	{"build, s", func(o *outcome) string { return fmt.Sprintf("%.1f", o.BuildSeconds) }},
	{"commits of 2,000", func(o *outcome) string { return fmt.Sprint(len(o.Commits)) }},
	{"  median, ms", func(o *outcome) string { return fmt.Sprintf("%.2f", quantile(o.Commits, 0.5)) }},
	{"  p90, ms", func(o *outcome) string { return fmt.Sprintf("%.2f", quantile(o.Commits, 0.9)) }},
	{"  p99, ms", func(o *outcome) string { return fmt.Sprintf("%.2f", quantile(o.Commits, 0.99)) }},
	{"  max, ms", func(o *outcome) string { return fmt.Sprintf("%.2f", slices.Max(o.Commits)) }},
	{"updates/s in 50,000s", func(o *outcome) string { return fmt.Sprintf("%.0f", o.BulkPerSec) }},
	{"inclusion proof, B", func(o *outcome) string { return fmt.Sprintf("%.0f", o.Inclusion.Bytes) }},
	{"  generate, µs", func(o *outcome) string { return fmt.Sprintf("%.1f", o.Inclusion.GenerateMicros) }},
	{"  verify, µs", func(o *outcome) string { return fmt.Sprintf("%.1f", o.Inclusion.VerifyMicros) }},
	{"absence proof, B", func(o *outcome) string { return fmt.Sprintf("%.0f", o.Absence.Bytes) }},
	{"  generate, µs", func(o *outcome) string { return fmt.Sprintf("%.1f", o.Absence.GenerateMicros) }},
	{"  verify, µs", func(o *outcome) string { return fmt.Sprintf("%.1f", o.Absence.VerifyMicros) }},
	{"reopen after kill, s", func(o *outcome) string { return fmt.Sprintf("%.3f", o.Reopened.Seconds) }},
	{"  first commit, ms", func(o *outcome) string { return fmt.Sprintf("%.1f", o.Reopened.FirstCommit) }},
	{"heap after updates, MiB", func(o *outcome) string { return fmt.Sprintf("%.0f", float64(o.Heap)/(1<<20)) }},
	{"  per key, B", func(o *outcome) string { return fmt.Sprintf("%.0f", float64(o.Heap)/float64(o.Keys)) }},
	{"  trie of it, MiB", func(o *outcome) string {
		if o.Trie == 0 {
			return "-"
		}
		return fmt.Sprintf("%.0f", float64(o.Trie)/(1<<20))
	}},
	{"peak RSS, MiB", func(o *outcome) string { return fmt.Sprintf("%.0f", float64(o.PeakRSS)/(1<<20)) }},
}

// report writes the table, and what follows from it. The last line is the ratio
// of iavl's median commit to hallmark's over the same versions.
func report(out io.Writer, names []string, outcomes map[string]*outcome) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight|tabwriter.Debug)
	line := func(first string, cell func(name string) string) {
		fmt.Fprintf(table, "%-24s\t", first)
		for _, name := range names {
			fmt.Fprintf(table, " %s\t", cell(name))
		}
		fmt.Fprintln(table)
	}
	line("", func(name string) string { return name })
	for _, r := range rows {
		line(r.measure, func(name string) string { return r.print(outcomes[name]) })
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out)

	ours := outcomes["hallmark"]
	if ours == nil {
		return nil
	}
	if o := outcomes["hallmark-bounded"]; o != nil {
		fmt.Fprintf(out, "bounded memory: median commit %.2f times the unbounded one, over the same versions\n", ratio(o, ours))
	}
	if o := outcomes["smt"]; o != nil {
		fmt.Fprintf(out, "store ratio vs smt: %.2f\n", ratio(o, ours))
	}
	if o := outcomes["iavl"]; o != nil {
		fmt.Fprintf(out, "store ratio vs iavl: %.2f\n", ratio(o, ours))
	}
	return nil
}

// ratio returns a's median commit over b's, over the versions that both made.
func ratio(a, b *outcome) float64 {
	n := min(len(a.Commits), len(b.Commits))
	return quantile(a.Commits[:n], 0.5) / quantile(b.Commits[:n], 0.5)
}
