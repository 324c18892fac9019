package light

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

func readVectors(t testing.TB) (file vectors, card *Card) {
	t.Helper()
	file = readVectorsOf(t, vectorsFile)
	card, err := ParseCard(unhex(t, file.Cards["genesis"]))
	if err != nil {
		t.Fatal(err)
	}
	return file, card
}

func readVectorsOf(t testing.TB, path string) (file vectors) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, &file)
	}
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// canonicalOf is what protobuf makes of bytes: an encoding that is accepted must
// be that.
func canonicalOf(t *testing.T, b []byte, m proto.Message) []byte {
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(b, m); err != nil {
		t.Fatalf("accepted, but protobuf says: %v", err)
	}
	out, err := marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// FuzzOpen: whatever comes, Open does not panic, and accepts one encoding alone.
func FuzzOpen(f *testing.F) {
	file, card := readVectors(f)
	for i, v := range file.Vectors {
		if i%5 == 0 {
			f.Add(unhex(f, v.Bundle))
		}
	}
	for _, path := range []string{anchoredFile, tracedFile} {
		for i, v := range readVectorsOf(f, path).Vectors {
			if i%5 == 0 {
				f.Add(unhex(f, v.Bundle))
			}
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := Open(b, card, MaxBundleSize); err == nil && !bytes.Equal(b, canonicalOf(t, b, new(lightv1.Bundle))) {
			t.Error("another encoding than protobuf's canonical one is accepted")
		}
	})
}

// FuzzParseCard: the same of cards.
func FuzzParseCard(f *testing.F) {
	file, _ := readVectors(f)
	for _, v := range file.CardVectors {
		f.Add(unhex(f, v.Card))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ParseCard(b)
		if err != nil {
			return
		}
		if !bytes.Equal(b, c.Bytes()) || !bytes.Equal(c.Bytes(), canonicalOf(t, b, new(lightv1.Card))) {
			t.Error("another encoding is accepted")
		}
		if again, err := NewCard(*c); err != nil || again.Fingerprint() != c.Fingerprint() {
			t.Errorf("the card cannot be made again: %v", err)
		}
	})
}

// FuzzFields: what the reader of fields accepts of a Sealed is what protobuf
// writes.
func FuzzFields(f *testing.F) {
	file, _ := readVectors(f)
	f.Add(contentOf(splitFields(unhex(f, file.Vectors[0].Bundle))[1]))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := fields{rest: b}
		m := &lightv1.Sealed{AppVersion: r.uint(1), Height: r.uint(2), Time: int64(r.uint(3)), Block: r.bytes(4), State: r.bytes(5), Next: r.bytes(6), NextHeight: r.uint(7), Seal: r.bytes(8)}
		accepted := r.end() == nil
		other := new(lightv1.Sealed)
		canonical := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(b, other) == nil
		if canonical {
			out, err := marshal(other)
			canonical = err == nil && bytes.Equal(out, b)
		}
		if accepted != canonical || accepted && !proto.Equal(m, other) {
			t.Errorf("accepted: %v, the canonical encoding: %v", accepted, canonical)
		}
	})
}

// FuzzVerify gives the verifier states that a quorum has sealed and no node makes:
// any values at the keys that a claim reads. It does not panic, and never says
// that a claim holds of values that it cannot read.
func FuzzVerify(f *testing.F) {
	file, card := readVectors(f)
	for i, v := range file.Vectors {
		if i%7 == 0 {
			b := new(lightv1.Bundle)
			if proto.Unmarshal(unhex(f, v.Bundle), b) == nil {
				for n, e := range b.Entries {
					f.Add(uint8(v.Claim.Kind), uint16(n), e.Value, unhex(f, v.Bundle))
				}
			}
		}
	}
	keys := map[[33]byte]*sm2.PrivateKey{}
	for _, name := range []string{"seal/val-00", "seal/val-01", "seal/val-02", "seal/val-03"} {
		keys[apptest.Key(name).Public().Bytes()] = apptest.Key(name)
	}
	now := apptest.Begin.Add(48 * time.Hour)
	known := NewVerifier(card)
	f.Fuzz(func(t *testing.T, kind uint8, at uint16, value, bundle []byte) {
		b := new(lightv1.Bundle)
		if len(bundle) > 64<<10 || proto.Unmarshal(bundle, b) != nil {
			return
		}
		state, l := new(storetest.Mem), &ledger{TB: t, seals: keys}
		for i, e := range b.Entries {
			v := e.Value
			if i == int(at) {
				v = value
			}
			if v != nil && len(e.Key) > 0 {
				if err := state.Set(e.Key, v); err != nil {
					return
				}
			}
		}
		root := state.Root()
		st := seal.Statement{
			Chain: card.trust.Chain, Genesis: card.Genesis, AppVersion: 1, Height: 9, Time: apptest.Begin.Add(47 * time.Hour).UnixNano(), State: root, Set: card.Set.Hash(),
		}
		out := &lightv1.Bundle{Format: 1, Sealed: sealedOf(&st, l.seal(&st, card.Set)), Details: b.Details}
		out.Sealed.Block = make([]byte, sm3.Size)
		for _, e := range b.Entries {
			v, ok, p, err := state.Prove(e.Key)
			if err != nil {
				return
			}
			entry := &lightv1.Entry{Key: e.Key, Proof: p}
			if ok {
				entry.Value = append([]byte{}, v...)
			}
			out.Entries = append(out.Entries, entry)
		}
		raw, err := marshal(out)
		if err != nil {
			t.Fatal(err)
		}
		claim := Claim{Kind: Kind(kind % 5), Issuer: apptest.CQC, Number: "Q-1"}
		if claim.Kind == Absent {
			claim.Issuer = ""
		}
		if claim.Kind == OnDate {
			claim.Date = 20605
		}
		for _, headSuffices := range []bool{false, true} {
			v := known.Verify(raw, claim, Limits{HeadSuffices: headSuffices}, now)
			if _, err := json.Marshal(v); err != nil || Text(v, "zh") == "" || Text(v, "en") == "" {
				t.Error(err)
			}
			if v.Outcome == Holds && claim.Kind != Absent && v.Head == nil {
				t.Errorf("%v holds of nothing", claim)
			}
		}
	})
}
