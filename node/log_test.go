package node_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// A module is held to its own level, others to the common one.
func TestLevels(t *testing.T) {
	t.Parallel()
	c := load(t, writeConfig(t, "[log]\nlevel = 'info'\nmodules = ['p2p:error', 'app:debug']\nformat = 'json'\n"))
	var out bytes.Buffer
	l := c.Logger(&out)
	l.Debug("no")
	l.Info("yes 1")
	l.With("module", "p2p").Warn("no")
	l.With("module", "p2p").With("peer", 1).Error("yes 2")
	l.With("module", "app").Debug("yes 3")
	l.With("module", "other").Debug("no")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 3 {
		t.Fatalf("%q", lines)
	}
	for i, want := range []string{"yes 1", "yes 2", "yes 3"} {
		var record map[string]any
		if err := json.Unmarshal([]byte(lines[i]), &record); err != nil || record["msg"] != want {
			t.Errorf("%s: %v, want %s", lines[i], err, want)
		}
	}
}
