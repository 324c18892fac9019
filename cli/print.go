package cli

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hallmark-ledger/hallmark/api"
)

// plainWriter keeps what comes from a ledger or a file from deceiving on a
// terminal: characters that move the cursor or turn the direction of writing are
// shown as a replacement character.
type plainWriter struct{ to io.Writer }

func (w plainWriter) Write(p []byte) (int, error) {
	plain := strings.Map(func(c rune) rune {
		if c == '\n' || c == '\t' || unicode.IsGraphic(c) {
			return c
		}
		return unicode.ReplacementChar
	}, string(p))
	if _, err := io.WriteString(w.to, plain); err != nil {
		return 0, err
	}
	return len(p), nil
}

// instant prints an instant in the zone of the machine.
func (s *session) instant(t time.Time) string { return t.Local().Format(time.RFC3339) }

// instantOf is instant of what may be absent.
func (s *session) instantOf(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return s.instant(*t)
}

// event prints an event on one line.
func (s *session) event(indent string, e api.Event) {
	parts := make([]string, 0, len(e.Attributes))
	for _, key := range sorted(e.Attributes) {
		if e.Attributes[key] != "" {
			parts = append(parts, key+"="+e.Attributes[key])
		}
	}
	fmt.Fprintf(s.out, "%s%s  %s\n", indent, e.Type, strings.Join(parts, " "))
}

// row is one line of a table.
type row []string

// table prints columns, aligned; head is the first line.
func (s *session) table(head row, rows []row) {
	widths := make([]int, len(head))
	for _, r := range append([]row{head}, rows...) {
		for i, cell := range r {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	for _, r := range append([]row{head}, rows...) {
		var line strings.Builder
		for i, cell := range r {
			line.WriteString(cell)
			if i < len(r)-1 {
				line.WriteString(strings.Repeat(" ", widths[i]-columns(cell)+2))
			}
		}
		fmt.Fprintln(s.out, strings.TrimRight(line.String(), " "))
	}
}

// columns returns the columns that a text takes on a terminal: Chinese
// characters take two.
func columns(text string) (n int) {
	n = utf8.RuneCountInString(text)
	for _, c := range text {
		if c >= 0x2e80 {
			n++
		}
	}
	return n
}

// pair is a name and a value of a list of facts.
type pair struct {
	name  text
	value string
}

// facts prints names and values, aligned; empty values are left out.
func (s *session) facts(list ...pair) {
	width := 0
	for _, p := range list {
		if p.value != "" {
			width = max(width, columns(s.language.of(p.name)))
		}
	}
	for _, p := range list {
		if p.value != "" {
			name := s.language.of(p.name)
			fmt.Fprintf(s.out, "%s%s  %s\n", name, strings.Repeat(" ", width-columns(name)), p.value)
		}
	}
}
