package cli

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var flagIn = regexp.MustCompile(`(?:^| )--([a-z-]+)`)

// Commands in the guide have the flags that they are shown with.
func TestEvidenceGuide(t *testing.T) {
	raw, err := os.ReadFile("../docs/evidence.md")
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(nil, os.Stdin, os.Stdout, os.Stderr, os.Getenv)
	root := s.root()
	text := strings.ReplaceAll(string(raw), "\\\n", " ")
	commands := 0
	for line := range strings.Lines(text) {
		_, command, ok := strings.Cut(line, "hallmark evidence ")
		if !ok {
			continue
		}
		words := strings.Fields(command)
		if len(words) == 0 || strings.HasPrefix(words[0], "`") {
			continue
		}
		name := strings.Trim(words[0], "`.,;:)")
		found, _, err := root.Find([]string{"evidence", name})
		if err != nil || found.Name() != name {
			t.Errorf("there is no hallmark evidence %s", name)
			continue
		}
		commands++
		for _, flag := range flagIn.FindAllStringSubmatch(command, -1) {
			if found.Flag(flag[1]) == nil && found.InheritedFlags().Lookup(flag[1]) == nil {
				t.Errorf("hallmark evidence %s has no flag --%s", name, flag[1])
			}
		}
	}
	if commands < 10 {
		t.Errorf("%d commands were found", commands)
	}
}
