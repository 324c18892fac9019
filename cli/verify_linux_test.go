package cli

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestVerdictColours prints a verdict on a terminal: what decides is coloured,
// and what comes from a bundle adds no colour of its own.
func TestVerdictColours(t *testing.T) {
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	defer master.Close()
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetUint32(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	terminal, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()

	c, p := newChainOfSets(t, 1), newPerson(t)
	now := time.Now().Truncate(time.Second)
	card := p.write("card.hmcard", c.card(0, now.Add(-time.Hour), now.Add(time.Hour)).Bytes())
	file := p.write("b.hmb", c.bundle(50, 0))
	for _, run := range []struct{ maxAge, noColour, want string }{
		{"24h", "", "\x1b[32mOutcome: ESTABLISHED\x1b[0m"},
		{"1ns", "", "\x1b[33mOutcome: NOT ESTABLISHED\x1b[0m"},
		{"24h", "1", "\nOutcome: ESTABLISHED\r\n"},
	} {
		getenv := func(name string) string { return map[string]string{"LANG": "en", "NO_COLOR": run.noColour}[name] }
		Run(t.Context(), []string{"verify", file, "--claim", "absent", "--card", card, "--max-age", run.maxAge}, os.Stdin, terminal, terminal, getenv)
		fmt.Fprintln(terminal, "END")
		var got bytes.Buffer
		for b := make([]byte, 4096); !strings.Contains(got.String(), "END"); {
			k, err := master.Read(b)
			if err != nil {
				t.Fatal(err)
			}
			got.Write(b[:k])
		}
		if !strings.Contains(got.String(), run.want) {
			t.Errorf("max-age %s: %q, want %q in it", run.maxAge, got.String(), run.want)
		}
	}
}
