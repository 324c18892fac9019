package sealer_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/cli"
)

// asHallmark makes the test binary behave as hallmark.
const asHallmark = "TEST_AS_HALLMARK"

func TestMain(m *testing.M) {
	if os.Getenv(asHallmark) != "" {
		os.Exit(cli.Run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv))
	}
	os.Exit(m.Run())
}

// public is somebody with hallmark, a home and a card of the first seal set, who
// trusts no node.
type public struct {
	testing.TB
	home string
	card string // file
}

// newPublic gets the card of the present set from a node.
func newPublic(t testing.TB, m *member) *public {
	t.Helper()
	p := &public{t, t.TempDir(), ""}
	p.card = p.file("first.hmcard")
	p.hallmark(0, m, "card", "draft", "--out", p.card)
	if c := p.hallmark(0, nil, "card", "pin", p.card, "--yes"); c.Height != 1 {
		p.Errorf("the card begins at height %d, not with the genesis", c.Height)
	}
	return p
}

func (p *public) file(name string) string { return filepath.Join(p.home, name) }

// hallmark runs the command as a process, with a node if it needs one, and returns
// what it prints as JSON.
func (p *public) hallmark(want int, node *member, args ...string) (out struct {
	Outcome string
	Height  uint64
	Seal    struct {
		Height    uint64
		Handovers int
	}
	Reasons []struct{ Code string }
}) {
	p.Helper()
	url := "http://127.0.0.1:1" // nobody
	if node != nil {
		url = "http://" + node.config().API.Listen
	}
	c := exec.CommandContext(p.Context(), os.Args[0], append([]string{"--json", "--node", url}, args...)...)
	c.Env = []string{asHallmark + "=1", "HOME=" + p.home}
	var complaint strings.Builder
	c.Stderr = &complaint
	raw, err := c.Output()
	code := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else if err != nil {
		p.Fatal(err)
	}
	if code != want {
		p.Fatalf("hallmark %v: exit code %d, want %d\n%s%s", args, code, want, raw, complaint.String())
	}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &out); err != nil {
			p.Fatalf("hallmark %v: %v\n%s", args, err, raw)
		}
	}
	return out
}

// checkRotated has the card of the first set verify the newest proofs of every
// node, through handovers that are in them, and moves the pin forward.
func (p *public) checkRotated(number string, handovers int, nodes ...*member) {
	p.Helper()
	for i, m := range nodes {
		for _, claim := range []string{"valid", "history", "approved"} {
			file := p.file(strings.Join([]string{"of", string(rune('0' + i)), claim}, "-"))
			p.hallmark(0, m, "prove", number, "--claim", claim, "--card", p.card, "--out", file)
			v := p.hallmark(0, nil, "verify", file, "--number", number, "--claim", claim, "--card", p.card)
			if v.Outcome != "holds" || v.Seal.Handovers != handovers {
				p.Errorf("%s: %+v, want %d handovers", claim, v, handovers)
			}
		}
	}
	// What was made for cards of the last set is nothing to one of the first.
	bare := p.file("bare.hmb")
	last := p.hallmark(0, nodes[0], "prove", number, "--card", p.card, "--out", p.file("whole.hmb"))
	if err := os.Remove(p.file("whole.hmb")); err != nil {
		p.Fatal(err)
	}
	mover := &public{p.TB, p.TempDir(), ""}
	mover.card = mover.file("last.hmcard")
	mover.hallmark(0, nodes[0], "card", "draft", "--out", mover.card)
	mover.hallmark(0, nodes[0], "prove", number, "--card", mover.card, "--out", bare)
	if v := p.hallmark(0, nil, "verify", bare, "--card", mover.card); v.Seal.Handovers != 0 || v.Seal.Height < last.Height {
		p.Errorf("by a card of the last set: %+v", v)
	}
	if v := p.hallmark(2, nil, "verify", bare, "--card", p.card); v.Outcome != "not-established" || v.Reasons[0].Code != "bad-seal" {
		p.Errorf("without handovers: %+v", v)
	}
	// The pin moves forward, by a file as by a node, and then needs no handovers.
	p.hallmark(0, nodes[len(nodes)-1], "card", "update")
	if v := p.hallmark(0, nil, "verify", bare); v.Outcome != "holds" || v.Seal.Handovers != 0 {
		p.Errorf("by the pin that was moved: %+v", v)
	}
}
