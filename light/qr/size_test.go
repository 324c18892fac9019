package qr_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/light/qr"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

var (
	ordinary = rules.Head{
		Ref: rules.Ref{Issuer: "CNCA-R-2002-001", Number: "00117Q12345R0M/3700"}, Scheme: "A010101", Holder: "91371323760038087M",
		FirstIssued: 20000, Version: 2, Records: 4, Details: sm3.Sum(nil),
		Standing: rules.Standing{Family: rules.ManagementSystem, Status: rules.Valid, Since: 20500, Issued: 20500, Expires: 21594},
	}
	// longest has the most bytes of all that can be valid.
	longest = rules.Head{
		Ref: rules.Ref{Issuer: strings.Repeat("R", rules.MaxIssuer), Number: strings.Repeat("9", rules.MaxNumber)}, Scheme: "B999999",
		Holder: "840:" + strings.Repeat("X", rules.MaxForeignID), FirstIssued: 2932000, Version: 1<<32 - 1, Records: 1<<32 - 1, Details: sm3.Sum(nil),
		Standing: rules.Standing{
			Family: rules.VoluntaryProduct, Status: rules.Valid, Since: 2932896, Issued: 2932896, Expires: 2932896, OrderDue: 2932896,
			Flags: rules.FlagImported | rules.FlagReversed,
		},
	}
)

// state is a real trie of n random keys beside the heads.
func state(t testing.TB, n int) (*engine.View, sm3.Hash) {
	t.Helper()
	db, err := engine.Open(filepath.Join(t.TempDir(), "state"), engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	var changes []store.Change
	for _, h := range []*rules.Head{&ordinary, &longest} {
		if err := h.Check(); err != nil {
			t.Fatal(err)
		}
		changes = append(changes, store.Change{Key: certificate.HeadKey(h.Ref), Value: rules.EncodeHead(h)})
	}
	for i := range n {
		key := binary.BigEndian.AppendUint64([]byte("k"), uint64(i))
		changes = append(changes, store.Change{Key: key, Value: key})
	}
	slices.SortFunc(changes, func(a, b store.Change) int { return bytes.Compare(a.Key, b.Key) })
	version, root := uint64(0), sm3.Hash{}
	for part := range slices.Chunk(changes, 20_000) {
		version++
		staged, err := db.Stage(version, part)
		if err != nil {
			t.Fatal(err)
		}
		root = staged.Root()
		if err := staged.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	view, err := db.At(version)
	if err != nil {
		t.Fatal(err)
	}
	return &view, root
}

// validators are n seal keys of equal power, and the set of them.
func validators(t testing.TB, n int) ([]*sm2.PrivateKey, seal.Set) {
	t.Helper()
	keys, entries := make([]*sm2.PrivateKey, n), make([]seal.Entry, n)
	for i := range keys {
		key, err := sm2.Generate(nil)
		if err != nil {
			t.Fatal(err)
		}
		keys[i], entries[i] = key, seal.Entry{Key: key.Public().Bytes(), Power: 10}
	}
	set, err := seal.NewSet(entries)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(keys, func(a, b *sm2.PrivateKey) int {
		x, y := a.Public().Bytes(), b.Public().Bytes()
		return slices.Compare(x[:], y[:])
	})
	return keys, set
}

// sealed signs a statement with as many of the keys as are a quorum.
func sealed(t testing.TB, st *seal.Statement, keys []*sm2.PrivateKey, set seal.Set) seal.Seal {
	t.Helper()
	var places []int
	var signatures []sm2.Signature
	for i := 0; !set.Quorum(uint64(10 * i)); i++ {
		signature, err := keys[i].Sign(context.Background(), st.Append(nil))
		if err != nil {
			t.Fatal(err)
		}
		places, signatures = append(places, i), append(signatures, signature)
	}
	return seal.New(len(keys), places, signatures)
}

// TestSizes states the sizes of docs/decisions/0008. The bundles are real ones of
// a real trie; for the larger ledgers, which would take minutes to make, the
// proof is given as many more siblings as their keys have.
func TestSizes(t *testing.T) {
	const have = 100_000 // keys
	// A certificate has a head, details, a number, a holder, a due date and records.
	const keysEach = 7
	view, root := state(t, have)
	for _, c := range []struct {
		certificates, forks, validators, version int // version: the largest that is allowed
	}{
		{have / keysEach, 0, 4, 30},
		{1_000_000, 23, 7, 30}, // of 7 M keys: log2(7 M) + 0.33 on average
		{1_000_000, 23 + 3, 7, 30},
		{10_000_000, 26, 20, 40},
		{10_000_000, 26 + 6, 20, 40},
	} {
		keys, set := validators(t, c.validators)
		st := seal.Statement{
			Chain: sm3.Sum([]byte("hallmark-test")), Genesis: sm3.Sum([]byte("genesis")), AppVersion: 1, Height: 20_000_000, Time: time.Now().UnixNano(),
			Block: sm3.Sum([]byte("block")), State: root, Set: set.Hash(),
		}
		for _, h := range []*rules.Head{&ordinary, &longest} {
			st.Next, st.NextHeight = sm3.Hash{}, 0
			if h == &longest { // and in the weeks before the set changes
				st.Next, st.NextHeight = sm3.Sum([]byte("next")), st.Height+20
			}
			claim := light.Claim{Issuer: h.Issuer, Number: h.Number}
			bundle, err := light.Build(light.Source{State: view, Statement: st, Seal: sealed(t, &st, keys, set)}, claim, true)
			if err != nil {
				t.Fatal(err)
			}
			if c.forks == 0 {
				checkSize(t, set, bundle, claim)
			} else {
				bundle = stretch(t, bundle, 2+4+32*c.forks)
			}
			address, err := qr.Address("https://verify.example.org", bundle)
			if err != nil {
				t.Fatal(err)
			}
			s, err := qr.NewSymbol(address)
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%d certificates, proof of %d bytes, head of %d, %d validators", c.certificates, proofLen(t, bundle), len(rules.EncodeHead(h)), c.validators)
			t.Logf("%s: bundle %d bytes, %d characters, version %d-%c, %.0f mm", name, len(bundle), len(address), s.Version, s.Level, float64(s.Size()+2*qr.Quiet)*0.4)
			if s.Version > c.version {
				t.Errorf("%s: version %d, at most %d", name, s.Version, c.version)
			}
			img, err := s.Image(4)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := qr.Read(img); err != nil || got != address {
				t.Errorf("%s: read %.40q, %v", name, got, err)
			}
		}
	}
}

// checkSize shows that what is measured is a bundle that verifies.
func checkSize(t *testing.T, set seal.Set, bundle []byte, claim light.Claim) {
	t.Helper()
	card, err := light.NewCard(light.Card{
		ChainID: "hallmark-test", Genesis: sm3.Sum([]byte("genesis")), Height: 1, Set: set,
		Made: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	at := civil.Date(21000).Start()
	if claim.Number != ordinary.Number {
		at = time.Now()
	}
	v := light.Verify(bundle, card, claim, light.Limits{HeadSuffices: true, MaxAge: 1000 * time.Hour}, at)
	if !v.Sealed || v.Head == nil {
		t.Errorf("%s: %v", claim.Number, v.Reasons)
	}
}

func proofLen(t *testing.T, bundle []byte) int {
	t.Helper()
	m := new(lightv1.Bundle)
	if err := proto.Unmarshal(bundle, m); err != nil {
		t.Fatal(err)
	}
	return len(m.Entries[0].Proof)
}

// stretch makes the proof of a bundle as long as it is said.
func stretch(t *testing.T, bundle []byte, size int) []byte {
	t.Helper()
	m := new(lightv1.Bundle)
	if err := proto.Unmarshal(bundle, m); err != nil {
		t.Fatal(err)
	}
	p := m.Entries[0].Proof
	if len(p) > size {
		t.Fatalf("the proof has %d bytes already, more than %d", len(p), size)
	}
	for i := 0; len(p) < size; i++ {
		h := sm3.Sum([]byte{byte(i)})
		p = append(p, h[:min(32, size-len(p))]...)
	}
	m.Entries[0].Proof = p
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
