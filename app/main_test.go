package app_test

import (
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write docs/codes.md and the golden roots anew")

// seen are the types of all events of all tests, for TestEvents.
var seen = map[string]bool{}

// TestMain checks last that what the tests saw is documented.
func TestMain(m *testing.M) {
	code := m.Run()
	if missing := undocumented(); code == 0 && len(missing) > 0 {
		println("docs/events.md lacks:")
		for _, s := range missing {
			println("  " + s)
		}
		code = 1
	}
	os.Exit(code)
}
