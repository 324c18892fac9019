package connected

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/light"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
)

// TestLyingNodes changes everything in the answers of primary, witness or both, in
// turn: fields as they stand in the answers, whatever they are. What comes of it may
// be less than the truth, never the contrary.
func TestLyingNodes(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, false)
	first := n.issue(1, good, bad)
	n.await(first + 2)
	old := n.bundle(valid(bad)) // honest, and out of date
	last := n.suspend(2, bad)
	n.await(last + 2)
	trust, fresh := n.trust(first), n.bundle(valid(bad))

	// The lie of whoever would have it valid still: the old proof as of now.
	m, newest := new(lightv1.Bundle), new(lightv1.Bundle)
	if proto.Unmarshal(old, m) != nil || proto.Unmarshal(fresh, newest) != nil {
		t.Fatal("not bundles")
	}
	root := m.Sealed.State
	m.Sealed = newest.Sealed
	m.Sealed.State = root
	forged, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	stating := newest.Sealed.Height + 1
	n.await(stating)
	now := time.Now()

	if got := outcome(verify(t, n.config(trust, n.rpc, honest(n)), fresh, valid(bad), light.Limits{}, now)); got != "does-not-hold not-valid" {
		t.Fatal(got)
	}
	if got := outcome(verify(t, n.config(trust, n.rpc, honest(n)), forged, valid(bad), light.Limits{}, now)); got != "not-established bad-proof" {
		t.Fatal(got)
	}
	var list []told
	for _, method := range []string{"commit", "validators"} {
		for _, one := range lies(get(t, n.rpc, method, stating), get(t, n.rpc, method, first+1)) {
			list = append(list, told{method, one})
		}
	}
	list = append(list, told{"commit", lie{"header.app_hash", "of the forged proof", func(root any) any { // the one that would help
		return parse(t, []byte(strings.Replace(encode(t, root), upper(fresh), strings.ToUpper(hex.EncodeToString(m.Sealed.State)), 1)))
	}}})
	if len(list) < 250 {
		t.Errorf("only %d lies", len(list))
	}
	const workers = 4
	for w := range workers {
		t.Run(fmt.Sprint(w), func(t *testing.T) {
			t.Parallel()
			a, b := newProxy(t, n.rpc), newProxy(t, n.rpc)
			count, seen := 0, map[string]int{}
			for i, one := range list {
				if i%workers != w || testing.Short() && i/workers%8 != 0 {
					continue
				}
				count++
				change := func(c call, answer []byte) []byte {
					// Where it starts from is known by its hash.
					if c.Method != one.method || c.height() == num(first) {
						return answer
					}
					return []byte(encode(t, one.tell(parse(t, answer))))
				}
				for who, liars := range map[string][]*proxy{"primary": {a}, "witness": {b}, "both": {a, b}} {
					a.set(nil)
					b.set(nil)
					for _, p := range liars {
						p.set(change)
					}
					c := n.config(trust, a.URL, b.URL)
					c.Dir = filepath.Join(t.TempDir(), "headers")
					for _, got := range both(t, c, forged, fresh, now) {
						seen[got]++
						if strings.HasPrefix(got, "holds") || strings.HasPrefix(got, "connected:") {
							t.Errorf("%s: %s %s %s: %s", who, one.method, one.where, one.how, got)
						}
					}
				}
			}
			a.mu.Lock()
			b.mu.Lock()
			t.Logf("%d lies, %d and %d answers changed: %v", count, a.told, b.told, seen)
			if a.told < count || b.told < count {
				t.Error("too few answers were changed")
			}
		})
	}
}

// told is a lie in the answers to a method.
type told struct {
	method string
	lie
}

// both is what comes of one bundle after the other.
func both(t *testing.T, c Config, first, then []byte, now time.Time) []string {
	t.Helper()
	k, err := Open(t.Context(), c, now)
	if err != nil {
		return []string{outcome(nil, err)}
	}
	defer func() {
		if err := k.Close(); err != nil {
			t.Error(err)
		}
	}()
	return []string{
		outcome(k.Verify(t.Context(), first, valid(bad), light.Limits{}, now)),
		outcome(k.Verify(t.Context(), then, valid(bad), light.Limits{}, now)),
	}
}

// upper is the state root of a bundle as it stands in a header.
func upper(bundle []byte) string {
	h, err := light.Claimed(bundle, light.MaxBundleSize)
	if err != nil {
		panic(err)
	}
	return strings.ToUpper(h.State.String())
}

func encode(t testing.TB, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Error(err)
	}
	return string(b)
}

func num(h uint64) string { return strconv.FormatUint(h, 10) }
