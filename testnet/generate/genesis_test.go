package generate

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/node"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/member"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

var begin = time.Date(2026, 6, 1, 4, 0, 0, 0, time.UTC)

// random returns bytes that are the same for a seed.
func random(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

func testKeys(t *testing.T) Keys {
	t.Helper()
	keys, err := NewKeys(random(1))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// testValidators returns n validators of a chain.
func testValidators(t *testing.T, chain string, n int) (list []Validator) {
	t.Helper()
	r := random(2)
	for i := range n {
		key, err := sm2.Generate(r)
		if err != nil {
			t.Fatal(err)
		}
		seed := make([]byte, ed25519.SeedSize)
		if _, err := io.ReadFull(r, seed); err != nil {
			t.Fatal(err)
		}
		consensus, sealKey := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey), key.Public().Bytes()
		v := Validator{Name: ValidatorName(i), Identity: node.Identity{
			ChainID: chain, Member: validatorMember(i),
			ConsensusKey: hex.EncodeToString(consensus), SealKey: hex.EncodeToString(sealKey[:]),
		}}
		proof, err := key.SignWith(r, seal.ProofOfPossessionMessage(seal.Possession{
			ChainID: chain, Member: v.Member, Purpose: validator.PurposeSeal, ConsensusKey: consensus, Key: sealKey,
		}))
		if err != nil {
			t.Fatal(err)
		}
		v.Proof = hex.EncodeToString(proof[:])
		list = append(list, v)
	}
	return list
}

func TestGenesisIsDeterministic(t *testing.T) {
	var all [2][]byte
	for i := range all {
		doc, err := Genesis("test-1", begin, testKeys(t), testValidators(t, "test-1", 4))
		if err != nil {
			t.Fatal(err)
		}
		if all[i], err = json.Marshal(doc); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(all[0], all[1]) {
		t.Error("the same keys gave two geneses")
	}
}

func TestGenesisIsAccepted(t *testing.T) {
	keys := testKeys(t)
	for _, n := range []int{1, 4, 7, 12} {
		if _, err := Genesis("test-1", begin, keys, testValidators(t, "test-1", n)); err != nil {
			t.Errorf("%d validators: %v", n, err)
		}
	}
}

// TestGenesisIsRefused: what the application must not accept reaches it.
func TestGenesisIsRefused(t *testing.T) {
	keys := testKeys(t)
	if _, err := Genesis("test-1", begin, keys, testValidators(t, "test-2", 4)); err == nil {
		t.Error("proofs of possession for another chain are accepted")
	}
	list := testValidators(t, "test-1", 4)
	list[0].Member = ExampleMaker
	if _, err := Genesis("test-1", begin, keys, list); err == nil {
		t.Error("an enterprise runs a validator")
	}
	delete(keys, "cqc.admin-2")
	if _, err := Genesis("test-1", begin, keys, testValidators(t, "test-1", 4)); err == nil || !strings.Contains(err.Error(), "cqc.admin-2") {
		t.Errorf("a key is missing: %v", err)
	}
}

func TestPlaceholders(t *testing.T) {
	for i := range institutions {
		if code := memberCode(i); member.CheckUSCC(code) != nil || code[2:8] != "000000" || !strings.Contains(code, "EXAMPLE") {
			t.Errorf("member %d: %s", i, code)
		}
	}
	seen := map[string]bool{}
	for _, i := range []int{0, 1, 31, 999, 99_999, 999_999} {
		code := ExampleCode(i)
		if rules.CheckHolder(code) != nil || code[2:8] != "000000" || seen[rules.OrganisationOf(code)] {
			t.Errorf("holder %d: %s", i, code)
		}
		seen[rules.OrganisationOf(code)] = true
	}
}

// TestNoApprovalOfRealBodies: nothing can be issued under the number of a body
// that exists.
func TestNoApprovalOfRealBodies(t *testing.T) {
	for _, in := range institutions {
		example := strings.HasPrefix(in.zh, "示例") && strings.HasPrefix(in.en, "Example") &&
			(in.approval == "" || strings.HasPrefix(in.approval, "CNCA-R-2099-"))
		if in.issues && !example {
			t.Errorf("%s may issue and is not named as an example", in.id)
		}
		for _, g := range in.grants() {
			if from, err := civil.Parse(g.From); err != nil || from >= civil.DateOf(begin) {
				t.Errorf("%s: from %s", in.id, g.From)
			}
		}
	}
}

func TestKeyFiles(t *testing.T) {
	keys := Keys{}
	for name, key := range testKeys(t) {
		if strings.HasPrefix(name, ExampleCert+".") {
			keys[name] = key
		}
	}
	dir := t.TempDir()
	if err := keys.Write(dir); err != nil {
		t.Fatal(err)
	}
	back, err := ReadKeys(dir)
	if err != nil || len(back) != 5 {
		t.Fatalf("%d keys, %v", len(back), err)
	}
	for name, key := range keys {
		if back[name] == nil || !back[name].Public().Equal(key.Public()) {
			t.Errorf("%s is another", name)
		}
	}
	if err := keys.Write(dir); err == nil {
		t.Error("keys were written over")
	}
	if _, err := ReadKeys(t.TempDir()); err == nil {
		t.Error("keys were read where none are")
	}
}

func TestCreate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "net")
	keys := testKeys(t)
	made, err := Create(t.Context(), dir, Options{ChainID: "test-1", Validators: 2, FullNodes: 1, Keys: keys, Settings: []string{"consensus.timeout_commit=100ms"}})
	if err != nil {
		t.Fatal(err)
	}
	n, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(made, n) {
		t.Errorf("read %+v, wrote %+v", n, made)
	}
	if len(n.Nodes) != 3 || n.Nodes[2].Validator != "" || len(n.URLs()) != 2 || len(n.Members) != len(institutions) {
		t.Errorf("%+v", n)
	}
	genesis, err := os.ReadFile(n.Path(n.Genesis))
	if err != nil {
		t.Fatal(err)
	}
	ports := map[string]bool{}
	for i, x := range n.Nodes {
		c, err := node.Load(n.Path(x.Home))
		if err != nil {
			t.Fatal(err)
		}
		own, err := os.ReadFile(c.GenesisFile())
		if err != nil || !bytes.Equal(own, genesis) {
			t.Errorf("%s has another genesis, %v", x.Name, err)
		}
		if c.Node.Name != x.Name || c.API.Listen != x.API || c.P2P.Pex || c.Consensus.TimeoutCommit != 100*time.Millisecond {
			t.Errorf("%s: %+v", x.Name, c)
		}
		if want := n.peers(i); !slices.Equal(c.P2P.PersistentPeers, want) {
			t.Errorf("%s has the peers %v, want %v", x.Name, c.P2P.PersistentPeers, want)
		}
		for _, addr := range []string{x.P2P, x.RPC, x.API, x.Metrics} {
			if ports[addr] {
				t.Errorf("%s twice", addr)
			}
			ports[addr] = true
		}
	}
	for _, m := range n.Members {
		for _, k := range m.Keys {
			if _, err := os.Stat(n.Path(k.File)); err != nil || keys[k.Name].Public().String() != k.Public {
				t.Errorf("%s: %v", k.Name, err)
			}
		}
	}
	if _, err := Create(t.Context(), dir, Options{}); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("a second network in the same folder: %v", err)
	}
	for _, o := range []Options{{Validators: -1}, {Validators: MaxNodes + 1}, {FullNodes: -1}, {BasePort: 80}, {BasePort: 65530}, {Settings: []string{"p2p.nothing=1"}}} {
		if _, err := Create(t.Context(), filepath.Join(t.TempDir(), "net"), o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
	if _, err := Open(t.TempDir()); err == nil {
		t.Error("a network where none is")
	}
}
