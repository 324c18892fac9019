package testnet

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/node/command"
	"github.com/hallmark-ledger/hallmark/testnet/words"
)

// asNode makes the test binary behave as hallmarkd.
const asNode = "TEST_AS_HALLMARKD"

func TestMain(m *testing.M) {
	if os.Getenv(asNode) != "" {
		os.Exit(command.Main())
	}
	if os.Getenv(asSealNode) != "" {
		if err := sealNodeMain(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const short = `
chain_id = "test-1"
settings = ["consensus.timeout_commit=200ms"]
[load]
lasts = "10s"
rate = 4
batch = 10
[[perturb]]
node = "node-2"
action = "kill"
after = "2s"
lasts = "2s"
`

// TestNetwork kills one of four real nodes under load.
func TestNetwork(t *testing.T) {
	if testing.Short() {
		t.Skip("runs four nodes for half a minute")
	}
	m, err := ParseManifest([]byte(short))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(t.Context(), m, Options{
		Dir: filepath.Join(t.TempDir(), "net"), Env: []string{asNode + "=1"},
		Tell: func(m words.Message) { t.Log(m.Line(words.English)) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Nodes != 4 || r.Transactions < 5 || r.Certificates != 10*r.Transactions || r.Height < 5 || r.Gap <= 0 || len(r.Root) != 64 {
		t.Errorf("%+v", r)
	}
	t.Logf("%+v", r)
}

// TestMaxGap: a network that stands still for longer than the manifest allows is
// found.
func TestMaxGap(t *testing.T) {
	if testing.Short() {
		t.Skip("runs one node for some seconds")
	}
	m, err := ParseManifest([]byte(`
validators = 1
max_gap = "1s"
[load]
lasts = "6s"
[[perturb]]
node = "node-0"
action = "pause"
after = "2s"
lasts = "2500ms"
`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Run(t.Context(), m, Options{Dir: filepath.Join(t.TempDir(), "net"), Env: []string{asNode + "=1"}})
	if err == nil || !strings.Contains(err.Error(), "more than max_gap, 1s") {
		t.Error(err)
	}
}

func TestManifest(t *testing.T) {
	files, err := filepath.Glob("manifests/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if _, err := ReadManifest(file); err != nil {
			t.Error(err)
		}
	}
	m, err := ParseManifest([]byte(short))
	if err != nil {
		t.Fatal(err)
	}
	if m.Validators != 4 || m.MaxGap.duration() != 30*time.Second || m.Load.InFlight != 50 || m.Perturb[0].Lasts.duration() != 2*time.Second {
		t.Errorf("%+v", m)
	}
}

func TestManifestErrors(t *testing.T) {
	const load = "[load]\nlasts = \"10s\"\n"
	perturb := func(lines string) string {
		return "full_nodes = 1\n" + load + "[[perturb]]\nnode = \"node-4\"\naction = \"join\"\nafter = \"1s\"\n[[perturb]]\n" + lines
	}
	for text, want := range map[string]string{
		"":                                 "load.lasts",
		"validators = 3\n[load]\nlast = 1": "last = 1",
		"validator = 3\n" + load:           "no such name",
		"validators = \"many\"\n" + load:   "validators",
		"validators = -1\n" + load:         "validators, full_nodes",
		"validators = 51\n" + load:         "validators, full_nodes",
		"chain_id = \"A B\"\n" + load:      "chain_id",
		"max_gap = \"0s\"\n" + load:        "max_gap",
		"max_gap = \"soon\"\n" + load:      "soon",
		load + "rate = 0":                  "load.rate",
		load + "batch = 0":                 "load.batch",
		load + "in_flight = 0":             "load.in_flight",
		"full_nodes = 1\n" + load:          "node-4 joins 0 times",
		"[load\n":                          "manifest",

		perturb("node = \"node-5\"\naction = \"kill\"\nafter = \"1s\""):                      "node-0 to node-4",
		perturb("node = \"node-0\"\naction = \"explode\"\nafter = \"1s\""):                   "one of kill",
		perturb("node = \"node-0\"\naction = \"kill\""):                                      "either after or at_height",
		perturb("node = \"node-0\"\naction = \"kill\"\nafter = \"1s\"\nat_height = 3"):       "either after or at_height",
		perturb("node = \"node-0\"\naction = \"kill\"\nafter = \"10s\""):                     "lasts only 10s",
		perturb("node = \"node-0\"\naction = \"kill\"\nafter = \"1s\"\nlasts = \"-1s\""):     "below 0",
		perturb("node = \"node-0\"\naction = \"join\"\nafter = \"1s\""):                      "a full node joins",
		perturb("node = \"node-0\"\naction = \"slow\"\nafter = \"1s\""):                      "delay",
		perturb("node = \"node-0\"\naction = \"kill\"\nafter = \"1s\"\ndelay = \"1s\""):      "delay",
		perturb("node = \"node-4\"\naction = \"join\"\nafter = \"2s\""):                      "joins 2 times",
		perturb("node = \"node-0\"\naction = \"kill\"\nafter = \"1s\"\nwhy = \"no reason\""): "why",
	} {
		if _, err := ParseManifest([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := ReadManifest("manifests/nothing.toml"); err == nil {
		t.Error("a manifest that is not there")
	}
}
