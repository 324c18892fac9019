package light

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
)

// rotate gives a validator another seal key, waits until the set with it decides,
// and returns the handover to it.
func (l *ledger) rotate(i int, key string) Handover {
	l.Helper()
	name := fmt.Sprintf("val-%02d", i)
	member := apptest.Regulators[i%len(apptest.Regulators)]
	l.know("seal/" + key)
	public, proof := apptest.SealKeyOf(key, member, apptest.ConsensusKey(i)[32:]) // the second half is the public key
	l.send([]string{member + "/admin/1", member + "/admin/2"}, &validatorv1.RotateSealKey{Name: name, SealKey: public[:], SealProof: proof})
	h := l.handover()
	for l.net.Height() < int64(h.Statement.NextHeight) {
		l.empty(time.Second)
	}
	return h
}

func TestHandovers(t *testing.T) {
	l := newLedger(t, 4)
	card := l.card() // of the first set
	c := l.issue("Q-1")
	old, _ := l.statement()
	var way []Handover
	for i := range 4 {
		way = append(way, l.rotate(i, fmt.Sprintf("val-%02d/next", i)))
	}
	now := l.net.Now()
	b, err := Build(l.source(way...), c, false)
	if err != nil {
		t.Fatal(err)
	}
	v := Verify(b, card, c, Limits{}, now)
	is(t, v, Holds, "valid")
	_, set := l.statement()
	if v.Handovers != 4 || v.Set != set.Hash() || card.Set.Hash() == set.Hash() {
		t.Errorf("%+v", v)
	}
	is(t, Verify(b, l.cardOf(set, uint64(l.net.Height())), c, Limits{}, now), NotEstablished, "bad-seal")

	for name, wrong := range map[string][]Handover{
		"none":      nil,
		"one less":  way[:3],
		"first out": way[1:],
		"reversed":  {way[1], way[0], way[2], way[3]},
		"twice":     {way[0], way[0], way[1], way[2], way[3]},
	} {
		b, err := Build(l.source(wrong...), c, false)
		if err != nil {
			t.Fatal(err)
		}
		if v := Verify(b, card, c, Limits{}, now); v.Outcome != NotEstablished || v.Reasons[0].Code != "bad-seal" || v.Sealed {
			t.Errorf("%s: %v", name, v.Reasons)
		}
	}

	// The old set lies about a height at which it no longer decides.
	lie, _ := l.statement()
	lie.Set, lie.Next, lie.NextHeight = old.Set, [32]byte{}, 0
	src := l.source(way...)
	src.Statement, src.Seal = lie, l.seal(&lie, card.Set)
	if b, err = Build(src, c, false); err != nil {
		t.Fatal(err)
	}
	is(t, Verify(b, card, c, Limits{}, now), NotEstablished, "bad-seal")
	// And the new one about a height before its own.
	early := lie
	early.Set, early.Height = set.Hash(), way[3].Statement.NextHeight-1
	src.Statement, src.Seal = early, l.seal(&early, set)
	if b, err = Build(src, c, false); err != nil {
		t.Fatal(err)
	}
	is(t, Verify(b, card, c, Limits{}, now), NotEstablished, "bad-seal")
	if _, err := Open(b, card, MaxBundleSize); !errors.Is(err, ErrSeal) || !errors.Is(err, seal.ErrChain) {
		t.Error(err)
	}
}

func TestLimits(t *testing.T) {
	l := newLedger(t, 4)
	day := l.today()
	c := l.issue("Q-1")
	l.to(day+1, 9)
	now := l.net.Now()
	b, on, card := l.prove(c, false), l.prove(c.on(day), false), l.card()
	for _, x := range []struct {
		name   string
		at     time.Time
		limits Limits
		want   []string
	}{
		{"fresh", now, Limits{}, []string{"valid"}},
		{"a day", now.Add(24 * time.Hour), Limits{}, []string{"valid"}},
		{"longer", now.Add(24*time.Hour + 1), Limits{}, []string{"stale", "valid"}},
		{"an hour allowed", now.Add(2 * time.Hour), Limits{MaxAge: time.Hour}, []string{"stale", "valid"}},
		{"clock a little behind", now.Add(-skew), Limits{}, []string{"valid"}},
		{"clock behind", now.Add(-skew - 1), Limits{}, []string{"future", "valid"}},
		{"clock before the card", card.Made.Add(-skew - 1), Limits{}, []string{"clock-behind", "future", "valid"}},
		{"last second of the card", card.NotAfter.Add(time.Second - 1), Limits{MaxAge: 1 << 62}, []string{"not-valid"}},
		{"card ended", card.NotAfter.Add(time.Second), Limits{MaxAge: 1 << 62}, []string{"card-ended", "not-valid"}},
		{"too large", now, Limits{MaxSize: len(b) - 1}, []string{"bad-bundle"}},
		{"just so large", now, Limits{MaxSize: len(b)}, []string{"valid"}},
	} {
		v := Verify(b, card, c, x.limits, x.at)
		o := NotEstablished
		if len(x.want) == 1 && x.want[0] == "valid" {
			o = Holds
		} else if len(x.want) == 1 && x.want[0] == "not-valid" {
			o = DoesNotHold
		}
		if is(t, v, o, x.want...); t.Failed() {
			t.Fatal(x.name)
		}
	}
	// A date that is over does not age; the card does.
	is(t, Verify(on, card, c.on(day), Limits{}, now.AddDate(1, 0, 0)), Holds, "valid")
	is(t, Verify(on, card, c.on(day), Limits{}, now.AddDate(30, 0, 0)), NotEstablished, "card-ended", "valid")

	for _, bad := range []Claim{
		{}, {Issuer: apptest.CQC}, {Number: "Q-1"}, {Kind: 5, Issuer: apptest.CQC, Number: "Q-1"}, {Issuer: apptest.CQC, Number: "q-1"},
		{Issuer: apptest.CQC, Number: "Q-1\x1b[2J"}, {Kind: Absent, Issuer: apptest.CQC, Number: "Q-1"}, {Kind: Absent, Number: "Q 1"},
		{Kind: OnDate, Issuer: apptest.CQC, Number: "Q-1"}, {Issuer: apptest.CQC, Number: "Q-1", Date: day}, {Kind: History, Issuer: apptest.CQC, Number: "Q-1", Date: -1},
	} {
		is(t, Verify(b, card, bad, Limits{}, now), NotEstablished, "bad-claim")
		if _, err := Build(l.source(), bad, false); err == nil {
			t.Error(bad)
		}
	}
	is(t, Verify(b, nil, c, Limits{}, now), NotEstablished, "no-card")
	is(t, Verify(b, new(Card), c, Limits{}, now), NotEstablished, "no-card")
	is(t, Verify(nil, card, c, Limits{}, now), NotEstablished, "bad-bundle")
	// What the bundle of another claim lacks.
	is(t, Verify(l.prove(c.as(Absent), false), card, c, Limits{}, now), NotEstablished, "unproven")
	is(t, Verify(b, card, c.as(Absent), Limits{}, now), NotEstablished, "unproven")
	// More than is needed does no harm.
	is(t, Verify(l.prove(c.as(History), false), card, c, Limits{}, now), Holds, "valid")
}

func TestCard(t *testing.T) {
	l := newLedger(t, 7)
	card := l.card()
	for _, name := range []string{"samr-gd/approver", "samr-bj/approver", "cnca/approver"} {
		if err := card.Sign(context.Background(), apptest.Holder[:5], apptest.Key(name)); err != nil {
			t.Fatal(err)
		}
	}
	if len(card.Signatures) != 3 || card.Sign(context.Background(), "", apptest.Key("x")) == nil || card.Sign(context.Background(), "a b", apptest.Key("x")) == nil {
		t.Error(card.Signatures)
	}
	back, err := ParseCard(card.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if back.Fingerprint() != card.Fingerprint() || !slices.Equal(back.Signatures, card.Signatures) || !back.Set.Equal(card.Set) ||
		back.ChainID != card.ChainID || back.Genesis != card.Genesis || back.Height != 1 || !back.Made.Equal(card.Made) || !back.NotAfter.Equal(card.NotAfter) {
		t.Errorf("%+v", back)
	}
	if text := card.FingerprintText(); len(text) != 79 || text[4] != ' ' {
		t.Error(text)
	}
	good := *card
	for name, change := range map[string]func(c *Card){
		"chain":     func(c *Card) { c.ChainID = "" },
		"long":      func(c *Card) { c.ChainID = string(make([]byte, 51)) },
		"character": func(c *Card) { c.ChainID = "a\u202eb" },
		"height":    func(c *Card) { c.Height = 0 },
		"set":       func(c *Card) { c.Set = seal.Set{} },
		"ends":      func(c *Card) { c.NotAfter = c.Made },
		"made":      func(c *Card) { c.Made = time.Unix(-5, 0) },
		"never":     func(c *Card) { c.NotAfter = time.Unix(maxSeconds+1, 0) },
	} {
		c := good
		change(&c)
		if _, err := NewCard(c); !errors.Is(err, ErrCard) {
			t.Errorf("%s: %v", name, err)
		}
	}
	raw := card.Bytes()
	for i := range raw {
		m := slices.Clone(raw)
		m[i] ^= 1 << (i % 8)
		// The member is what the holder of the key says of itself: it is not signed.
		if c, err := ParseCard(m); err == nil && (c.Fingerprint() != card.Fingerprint() || membersOf(c) == membersOf(card)) {
			t.Fatalf("byte %d is changed: accepted", i)
		}
		if _, err := ParseCard(raw[:i]); err == nil && !isCardPrefix(raw, i) {
			t.Fatalf("cut at %d: accepted", i)
		}
	}
}

func membersOf(c *Card) (s string) {
	for _, x := range c.Signatures {
		s += x.Member + " "
	}
	return s
}

// isCardPrefix reports whether a card ends at n with whole signatures: a card with
// fewer of them.
func isCardPrefix(raw []byte, n int) bool {
	f := fields{rest: raw[:n]}
	f.bytes(1)
	for f.more(2, wireBytes) {
		f.bytes(2)
	}
	return f.end() == nil
}

// TestVerifier: what is remembered changes no verdict, whoever asks at once.
func TestVerifier(t *testing.T) {
	l := newLedger(t, 4)
	card := l.card()
	c := l.issue("Q-1")
	h := l.rotate(0, "val-00/next")
	bad := h
	bad.Next = l.cardOf(card.Set, 1).Set
	good, err := Build(l.source(h), c, false)
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := Build(l.source(bad), c, false)
	if err != nil {
		t.Fatal(err)
	}
	forged := slices.Clone(good)
	for i := range forged { // a bit of each signature that is no longer good
		if i > 200 && i%97 == 0 {
			forged[i] ^= 1
		}
	}
	// A handover that names no set, with a seal that is known as one.
	b := new(lightv1.Bundle)
	if err := proto.Unmarshal(good, b); err != nil {
		t.Fatal(err)
	}
	b.Handovers = append(b.Handovers, &lightv1.Handover{Sealed: b.Sealed})
	noSet, err := marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	v, now := NewVerifier(card), l.net.Now()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				for _, b := range [][]byte{good, wrong, forged, nil, noSet, good} {
					got, want := v.Verify(b, c, Limits{}, now), Verify(b, card, c, Limits{}, now)
					if got.Outcome != want.Outcome || !slices.Equal(got.Reasons, want.Reasons) || got.Handovers != want.Handovers || got.Set != want.Set {
						t.Errorf("%v, want %v", got, want)
					}
				}
			}
		})
	}
	wg.Wait()
	if n := len(v.known.young); n != 2 {
		t.Errorf("%d facts are remembered, want a handover and a seal", n)
	}
	// The memory is bounded.
	m := &memory{}
	for i := range 5 * rememberedFacts {
		m.put(fmt.Appendf(nil, "%d", i), card.trust)
	}
	m.put(make([]byte, rememberedSize+1), card.trust)
	if n := len(m.young) + len(m.old); n > 2*rememberedFacts || n < rememberedFacts {
		t.Errorf("%d facts", n)
	}
}
