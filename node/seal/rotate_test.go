package sealer_test

import (
	"encoding/hex"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// TestRotation: all four validators rotate their seal keys, one after the other.
// Old keys seal until their window is over, new ones from then on, and whoever
// trusted the first set is led to the last, also by what hallmark gets from a node.
func TestRotation(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, 4, 1) // and a node that is no validator
	for i, m := range n.nodes[:4] {
		// Beside the key in use, as the operator puts it there.
		path := filepath.Join(filepath.Dir(m.config().SealKeyFile()), "seal_key_next.pem")
		if err := keystore.Create(path, apptest.Key(fmt.Sprint("next/", i)), pass, keystore.Options{Iterations: keystore.MinIterations}); err != nil {
			t.Fatal(err)
		}
	}
	n.start()
	first := n.nodes[0]
	first.feed()
	first.awaitSealed(1)
	visitor := newPublic(t, first)
	set, _, err := first.Seals().SetOf(1)
	if err != nil {
		t.Fatal(err)
	}
	st, _, _, err := first.Seals().Sealed(1)
	if err != nil {
		t.Fatal(err)
	}
	trust := seal.NewTrust(sm3.Sum([]byte(apptest.Chain)), st.Genesis, 1, set)

	begin := uint64(0)
	for i := range 4 {
		begin = first.rotate(i)
		first.awaitSealed(begin + 1)
	}
	for _, m := range []*member{first, n.nodes[4]} {
		m.awaitSealed(begin + 1)
		m.awaitAll(1, begin+1)
		m.checkSealed(1, begin+1)
		list, err := m.Seals().Handovers(1, 10)
		if err != nil || len(list) != 4 {
			t.Fatalf("%d handovers, %v", len(list), err)
		}
		at := trust
		for _, h := range list {
			if at, err = at.Advance(&h.Statement, h.Seal, h.Next); err != nil {
				t.Fatal(err)
			}
		}
		newest, sl, ok, err := m.Seals().Sealed(m.Seals().Newest())
		if err != nil || !ok {
			t.Fatal(err)
		}
		if err := at.Verify(newest, sl); err != nil {
			t.Errorf("the newest seal, after the handovers: %v", err)
		}
		if trust.Verify(newest, sl) == nil {
			t.Error("the first set seals still")
		}
		stats, err := m.Seals().Stats()
		if err != nil || stats.Windows != 0 || stats.Failed != 0 || stats.Dropped != 0 || stats.Conflicts != 0 {
			t.Errorf("%+v, %v", stats, err)
		}
	}
	visitor.checkRotated("N000001", 4, first, n.nodes[4])
}

// rotate has the member of a validator replace its seal key, and returns the
// first height of the new set.
func (m *member) rotate(i int) uint64 {
	m.net.Helper()
	one, key := m.net.nodes[i], apptest.Key(fmt.Sprint("next/", i))
	consensus, err := hex.DecodeString(one.id.ConsensusKey)
	if err != nil {
		m.net.Fatal(err)
	}
	public, name := key.Public().Bytes(), fmt.Sprintf("val-%02d", i)
	proof, err := key.Sign(m.net.Context(), seal.ProofOfPossessionMessage(seal.Possession{
		ChainID: apptest.Chain, Member: one.id.Member, Purpose: validator.PurposeSeal, ConsensusKey: consensus, Key: public,
	}))
	if err != nil {
		m.net.Fatal(err)
	}
	raw := apptest.Draft{
		Nonce: uint64(i + 1), Expiry: time.Now().Add(time.Hour), Keys: []string{one.id.Member + "/admin/1", one.id.Member + "/admin/2"},
		Messages: []*txv1.Message{{Action: &txv1.Message_RotateSealKey{RotateSealKey: &validatorv1.RotateSealKey{
			Name: name, SealKey: public[:], SealProof: proof[:],
		}}}},
	}.Sign()
	if err := m.Submit(m.net.Context(), raw); err != nil {
		m.net.Fatal(err)
	}
	begin := uint64(0)
	m.until("the rotation of "+name, func() bool {
		r, err := m.View(0)
		if err != nil {
			m.net.Fatal(err)
		}
		list, err := r.Validator.Sets(r, r.Height()+1, 1)
		if err != nil {
			m.net.Fatal(err)
		}
		if len(list) > 0 {
			begin = list[0].Begin
		}
		return begin > 0
	})
	return begin
}
