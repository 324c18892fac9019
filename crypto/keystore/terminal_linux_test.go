package keystore

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// openTerminal returns the two sides of a pseudo-terminal: a person's and a
// program's.
func openTerminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here:", err)
	}
	t.Cleanup(func() { person.Close() })
	n, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Skip("no pseudo-terminals here:", err)
	}
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Skip("no pseudo-terminals here:", err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here:", err)
	}
	t.Cleanup(func() { program.Close() })
	return person, program
}

func TestFromTerminal(t *testing.T) {
	for _, c := range []struct {
		name  string
		new   bool
		typed string
		want  string
		err   error
		asked string
	}{
		{"open", false, "secret\n", "secret", nil, "Pass phrase of \"key.pem\": \n"},
		{"new", true, "secret\nsecret\n", "secret", nil, "New pass phrase for \"key.pem\": \nThe same again: \n"},
		{"new, mistyped", true, "secret\nsecrets\n", "", ErrMismatch, "New pass phrase for \"key.pem\": \nThe same again: \n"},
		{"new, empty", true, "\n", "", ErrEmptyPassphrase, "New pass phrase for \"key.pem\": \n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			person, program := openTerminal(t)
			var asked bytes.Buffer
			lines := strings.SplitAfter(c.typed, "\n")
			questions := askedLines{&asked, func(n int) { // types when asked, as a person does
				if n < len(lines) {
					io.WriteString(person, lines[n])
				}
			}, new(int)}
			got, err := FromTerminal(program, questions)(Request{"key.pem", c.new})
			if string(got) != c.want || !errors.Is(err, c.err) {
				t.Errorf("%q, %v", got, err)
			}
			if asked.String() != c.asked {
				t.Errorf("asked %q, want %q", asked.String(), c.asked)
			}
		})
	}
}

// askedLines is where questions go; answer is called at each.
type askedLines struct {
	to     io.Writer
	answer func(n int)
	count  *int
}

func (a askedLines) Write(p []byte) (int, error) {
	if bytes.HasSuffix(p, []byte(": ")) {
		a.answer(*a.count)
		*a.count++
	}
	return a.to.Write(p)
}
