package governance

import (
	"encoding/hex"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// lived returns a chain in whose state everything occurs.
func lived(t testing.TB) *world {
	w := newWorld(t, 3)
	now := w.time.Unix()
	propose := func(i int, document []byte, actions ...*governancev1.Action) {
		w.must(w.do(i, func(c *exec.Context) error {
			return w.m.Propose(c, &governancev1.Propose{Title: "t", Document: document, Actions: actions})
		}))
	}
	propose(0, nil, admitting("reg-8"))
	w.time = w.time.Add(31 * day * time.Second)
	w.endBlock() // 1 expired
	propose(1, slices.Repeat([]byte{7}, 32), importing("cb-1", now, now+32*day, 9), upgrading("v-2", 100, 2))
	w.must(w.approve(0, 2)) // executed
	propose(2, nil, importing("cb-1", now+32*day, now+33*day, 9))
	w.must(w.approve(0, 3)) // executed
	propose(2, nil, suspending(impossibleName))
	w.must(w.approve(0, 4)) // failed
	propose(2, nil, admitting("reg-9"))
	w.must(w.reject(0, 5), w.reject(1, 5)) // rejected
	propose(2, nil, admitting("reg-9"))
	w.must(w.withdraw(2, 6)) // withdrawn
	propose(2, nil, admitting("reg-9"))
	propose(2, nil, admitting("reg-9"))
	propose(1, nil, admitting("reg-9"))
	w.must(w.reject(0, 9)) // 7, 8, 9 open
	w.want(4, Failed)
	w.want(5, Rejected)
	return w
}

// own returns the entries of the module.
func own(s *storetest.Mem) []storetest.KV {
	return slices.DeleteFunc(s.All(), func(kv storetest.KV) bool { return kv.Key[0] != 2 })
}

func TestGenesisRoundTrip(t *testing.T) {
	w := lived(t)
	g, err := w.m.ExportGenesis(w.state)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	read := &Genesis{}
	if err := json.Unmarshal(text, read); err != nil || !reflect.DeepEqual(g, read) {
		t.Fatal(err)
	}
	again := &storetest.Mem{}
	if err := w.m.InitGenesis(again, read); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(own(again), own(w.state)) {
		t.Error("the state differs after export and import")
	}
}

func TestGenesisParameters(t *testing.T) {
	g := &Genesis{}
	if err := json.Unmarshal([]byte(`{"parameters":{"activation_blocks":50,"thresholds":[{"kind":"remove_member","numerator":3,"denominator":4}]}}`), g); err != nil {
		t.Fatal(err)
	}
	p := g.Parameters
	if p.ActivationBlocks != 50 || p.QuotaBlock != 20_000 || p.threshold(5) != (Threshold{5, 3, 4}) || p.threshold(1) != (Threshold{1, 2, 3}) {
		t.Errorf("%+v", p)
	}
	for _, bad := range []string{`{"parameters":{"activation_block":50}}`, `{"parameters":{"thresholds":[{"kind":"x"}]}}`, `{"parameters":{"activation_blocks":-1}}`} {
		if err := json.Unmarshal([]byte(bad), &Genesis{}); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}

func TestGenesisRefuses(t *testing.T) {
	w := lived(t)
	for _, c := range []struct {
		what   string
		change func(*Genesis)
		want   string
	}{
		{"parameter", func(g *Genesis) { g.Parameters.ActivationBlocks = 19 }, "not within"},
		{"threshold", func(g *Genesis) { g.Parameters.Thresholds[0].Numerator = 1 }, "more than half"},
		{"thresholds", func(g *Genesis) { g.Parameters.Thresholds[0] = g.Parameters.Thresholds[1] }, "ascending"},
		{"quota", func(g *Genesis) { g.Parameters.QuotaBlock = 9_999 }, "below max_messages"},
		{"missing", func(g *Genesis) { g.Proposals = g.Proposals[1:] }, "missing"},
		{"document", func(g *Genesis) { g.Proposals[1].Document = "ABCD" }, "64 lower-case"},
		{"action", func(g *Genesis) { g.Proposals[1].Actions[0] = "zz" }, "action 1"},
		{"unknown action", func(g *Genesis) { g.Proposals[1].Actions[0] = "f80701" }, "action 1"},
		{"empty action", func(g *Genesis) { g.Proposals[1].Actions[0] = "" }, "says nothing"},
		{"no action", func(g *Genesis) { g.Proposals[1].Actions = nil }, "could not have been made"},
		{"no title", func(g *Genesis) { g.Proposals[1].Title = "" }, "could not have been made"},
		{"status", func(g *Genesis) { g.Proposals[1].Status = 9 }, "does not exist"},
		{"open and closed", func(g *Genesis) { g.Proposals[1].Status = Open }, "open (1)"},
		{"closed without", func(g *Genesis) { g.Proposals[1].Closed = nil }, "open (1)"},
		{"votes", func(g *Genesis) { g.Proposals[1].Closed.Approvals = 1 }, "after the votes"},
		{"minority", func(g *Genesis) { g.Proposals[1].Closed.Needed = 1 }, "needed only"},
		{"failure", func(g *Genesis) { g.Proposals[1].Closed.FailureCode = 7 }, "with the failure"},
		{"vote key", func(g *Genesis) { g.Proposals[1].Votes[0].Key = "02" }, "66 lower-case"},
		{"voter", func(g *Genesis) { g.Proposals[1].Votes[0].Regulator = "?" }, "voted"},
		{"window number", func(g *Genesis) { g.Windows[1].Number = 3 }, "missing"},
		{"window twice", func(g *Genesis) { g.Windows[1].Number = 1 }, "import windows"},
		{"window overlaps", func(g *Genesis) { g.Windows[1].From -= 100 }, "overlaps"},
		{"window without time", func(g *Genesis) { g.Windows[1].Until = 0 }, "could not have been opened"},
		{"upgrade", func(g *Genesis) { g.Upgrades[0].Name = "" }, "could not have been scheduled"},
		{"upgrade version", func(g *Genesis) { g.Upgrades = append(g.Upgrades, GenesisUpgrade{200, "v-3", 2}) }, "could not have been scheduled"},
	} {
		g, err := w.m.ExportGenesis(w.state)
		if err != nil {
			t.Fatal(err)
		}
		c.change(g)
		if err := w.m.InitGenesis(&storetest.Mem{}, g); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
	}
}

// Each entry that is dropped or spoilt is noticed by Check, but for what nothing
// else says: parameters (absent: the defaults), a vote, the last upgrade.
func TestInvariantsNotice(t *testing.T) {
	w := lived(t)
	for _, kv := range own(w.state) {
		b := store.NewBranch(w.state)
		if err := b.Delete(kv.Key); err != nil {
			t.Fatal(err)
		}
		alone := strings.IndexByte("pvu", kv.Key[1]) >= 0
		if err := w.m.Check(b); (err == nil) != alone {
			t.Errorf("without %q: %v", kv.Key, err)
		}
		b = store.NewBranch(w.state)
		if err := b.Set(kv.Key, append([]byte{0xff}, kv.Value...)); err != nil {
			t.Fatal(err)
		}
		if err := w.m.Check(b); err == nil {
			t.Errorf("with rubbish under %q nothing is wrong", kv.Key)
		}
	}
}

func TestPrefixes(t *testing.T) {
	storetest.DisjointPrefixes(t, string(parameters.Key()), proposals.Prefix(), votes.Prefix(), queue.Prefix(), openOf.Prefix(),
		string(lastProposal.Key()), windows.Prefix(), string(lastWindow.Key()), upgrades.Prefix())
	for _, k := range []string{
		hex.EncodeToString(votes.Key(voteKey{1, "ab"})), hex.EncodeToString(queue.Key(queueKey{2, 3})), hex.EncodeToString(windows.Key(windowKey{"ab", 4})),
	} {
		if !slices.Contains([]string{"0276" + "0000000000000001" + "61620001", "0271" + "00000000000000020000000000000003", "0277" + "61620001" + "0000000000000004"}, k) {
			t.Error(k)
		}
	}
	for _, bad := range []string{"", "12345678", "123456789", "1234567\xff12345678\x00"} {
		if _, err := voteKeys.Decode([]byte(bad)); err == nil {
			t.Errorf("%q is a vote's key", bad)
		}
		if _, err := windowKeys.Decode([]byte(bad)); err == nil {
			t.Errorf("%q is a window's key", bad)
		}
		if _, err := queueKeys.Decode([]byte(bad)); err == nil {
			t.Errorf("%q is a key of the queue", bad)
		}
	}
	if _, err := queueKeys.Decode([]byte("\xff234567812345678")); err == nil {
		t.Error("a negative time")
	}
}

func TestGolden(t *testing.T) {
	at := time.Unix(0, 3).UTC()
	for name, v := range map[string]struct {
		encode func() ([]byte, error)
		decode func([]byte) error
		want   string
	}{
		"parameters": {
			func() ([]byte, error) {
				p := DefaultParams()
				p.Thresholds = p.Thresholds[:1]
				return paramsCodec.Encode(p)
			},
			func(b []byte) error { _, err := paramsCodec.Decode(b); return err },
			"0880e90f" + "10a09c01" + "18d08603" + "20904e" + "2810" + "30808040" + "3814" + "4080a305" + "48809a9e01" + "50e807" + "5880ceda03" + "60c0843d" + "920306080110021803",
		},
		"open proposal": {
			func() ([]byte, error) {
				return proposalCodec.Encode(Proposal{
					Number: 9, Proposer: "reg", Title: "t", Document: sm3.Hash{8}, Actions: []*governancev1.Action{cancelling("v-2")},
					Height: 5, Time: at, Expires: 6, Status: Open,
				})
			},
			func(b []byte) error { _, err := proposalCodec.Decode(b); return err },
			"0a03726567" + "120174" + "1a20" + "08" + strings.Repeat("00", 31) + "2208" + "e201050a03762d32" + "2805" + "3003" + "3806" + "4001",
		},
		"failed proposal": {
			func() ([]byte, error) {
				return proposalCodec.Encode(Proposal{
					Proposer: "reg", Title: "t", Actions: []*governancev1.Action{cancelling("v-2")}, Height: 5, Time: at, Expires: 6,
					Status: Failed, Closed: 7, ClosedTime: at, Tally: Tally{3, 2, 2, 1}, Failure: Failure{211, 1, "x"},
				})
			},
			func(b []byte) error { _, err := proposalCodec.Decode(b); return err },
			"0a03726567" + "120174" + "2208" + "e201050a03762d32" + "2805" + "3003" + "3806" + "4003" + "4807" + "5003" + "5803" + "6002" + "6802" + "7001" + "78d301" + "800101" + "8a010178",
		},
		"vote": {
			func() ([]byte, error) {
				return voteCodec.Encode(Vote{Approve: true, Key: [33]byte{2}, Height: 5, Time: at})
			},
			func(b []byte) error { _, err := voteCodec.Decode(b); return err },
			"0801" + "1221" + "02" + strings.Repeat("00", 32) + "1805" + "2003",
		},
		"import window": {
			func() ([]byte, error) { return windowCodec.Encode(ImportWindow{1, 2, 3}) },
			func(b []byte) error { _, err := windowCodec.Decode(b); return err },
			"080110021803",
		},
		"upgrade": {
			func() ([]byte, error) { return upgradeCodec.Encode(Upgrade{9, "v-2", 2}) },
			func(b []byte) error { _, err := upgradeCodec.Decode(b); return err },
			"0a03762d321002",
		},
	} {
		b, err := v.encode()
		if got := hex.EncodeToString(b); err != nil || got != v.want {
			t.Errorf("%s: %s, want %s", name, got, v.want)
		}
		if err := v.decode(b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for what, bad := range map[string][]byte{
			"an unknown field":  append(slices.Clone(b), 0xf8, 0x0f, 1),
			"a cut":             b[:len(b)-1],
			"not even protobuf": {0xff},
		} {
			if v.decode(bad) == nil {
				t.Errorf("%s with %s is read", name, what)
			}
		}
	}
}
