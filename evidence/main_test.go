package evidence

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// TestMain lets the program be another one: with PRODUCE it is a sensor that writes
// lines to the standard output.
func TestMain(m *testing.M) {
	var lines, rate int
	if _, err := fmt.Sscanf(os.Getenv("PRODUCE"), "%d at %d", &lines, &rate); err == nil {
		if err := produce(lines, rate); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// reading is line n of a sensor, about 60 bytes.
func reading(n int) string {
	return fmt.Sprintf("2026-06-01T08:%02d:%02d.%06d+08:00,probe-7,%09d,%.3f", n/3e6%60, n/5e4%60, n%1e6, n, 20+float64(n%997)/100)
}

// produce writes lines, rate a second, each with a write of its own, every
// millisecond those that are due; with rate 0 as fast as they are taken. Line n is
// due at n/rate after the instant that it prints on the standard error.
func produce(lines, rate int) error {
	if rate == 0 {
		out := bufio.NewWriterSize(os.Stdout, 64<<10)
		block := make([]string, 1000)
		for i := range block {
			block[i] = reading(i)
		}
		text := strings.Join(block, "\n") + "\n"
		for range lines / len(block) {
			if _, err := out.WriteString(text); err != nil {
				return err
			}
		}
		return out.Flush()
	}
	all := make([][]byte, lines)
	for i := range all {
		all[i] = []byte(reading(i) + "\n")
	}
	begun := time.Now()
	fmt.Fprintln(os.Stderr, begun.UnixNano())
	for n := 0; n < lines; time.Sleep(time.Millisecond) {
		for due := min(lines, int(time.Since(begun).Seconds()*float64(rate))); n < due; n++ {
			if _, err := os.Stdout.Write(all[n]); err != nil {
				return err
			}
		}
	}
	return nil
}
