package seal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

func possession(t *testing.T) (Possession, *sm2.PrivateKey) {
	t.Helper()
	key, err := sm2.NewPrivateKey(append(make([]byte, 31), 7))
	if err != nil {
		t.Fatal(err)
	}
	return Possession{
		ChainID:      "hallmark-test",
		Member:       "cqc",
		Purpose:      "seal",
		ConsensusKey: []byte{0xaa, 0xbb},
		Key:          key.Public().Bytes(),
	}, key
}

func prove(t *testing.T, p Possession, key *sm2.PrivateKey) []byte {
	t.Helper()
	signature, err := key.Sign(t.Context(), ProofOfPossessionMessage(p))
	if err != nil {
		t.Fatal(err)
	}
	return signature[:]
}

// The bytes of the format, written out.
func TestPossessionMessage(t *testing.T) {
	p, _ := possession(t)
	want := "hallmark/pop/v1" + string(make([]byte, 49)) +
		"\x00\x00\x00\x0dhallmark-test" +
		"\x00\x00\x00\x03cqc" +
		"\x00\x00\x00\x04seal" +
		"\x00\x00\x00\x02\xaa\xbb" +
		string(p.Key[:])
	if got := ProofOfPossessionMessage(p); string(got) != want {
		t.Errorf("got\n%s, want\n%s", hex.EncodeToString(got), hex.EncodeToString([]byte(want)))
	}
	if !bytes.Equal(ProofOfPossessionMessage(Possession{}), append([]byte("hallmark/pop/v1"), make([]byte, 49+16+33)...)) {
		t.Error("the empty value has another message")
	}
}

func TestPossession(t *testing.T) {
	p, key := possession(t)
	if err := VerifyPossession(p, prove(t, p, key)); err != nil {
		t.Fatal(err)
	}
	p.ConsensusKey = nil
	if err := VerifyPossession(p, prove(t, p, key)); err != nil {
		t.Fatal(err)
	}
}

// A proof holds for one chain, member, purpose, consensus key and key.
func TestPossessionOfAnother(t *testing.T) {
	p, key := possession(t)
	proof := prove(t, p, key)
	other, err := sm2.NewPrivateKey(append(make([]byte, 31), 8))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Possession){
		"chain":         func(p *Possession) { p.ChainID = "hallmark-tess" },
		"member":        func(p *Possession) { p.Member = "" },
		"purpose":       func(p *Possession) { p.Purpose = "member/admin" },
		"consensus key": func(p *Possession) { p.ConsensusKey = nil },
		"key":           func(p *Possession) { p.Key = other.Public().Bytes() },
		"negated key":   func(p *Possession) { p.Key[0] ^= 1 },
		"moved border":  func(p *Possession) { p.ChainID, p.Member = "hallmark-tes", "tcqc" },
	} {
		q := p
		change(&q)
		if err := VerifyPossession(q, proof); !errors.Is(err, sm2.ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := VerifyPossession(p, prove(t, p, other)); !errors.Is(err, sm2.ErrSignature) {
		t.Errorf("another's signature: %v", err)
	}
}

func TestPossessionMangled(t *testing.T) {
	p, key := possession(t)
	proof := prove(t, p, key)
	for i := range proof {
		bad := bytes.Clone(proof)
		bad[i] ^= 1
		if VerifyPossession(p, bad) == nil {
			t.Errorf("byte %d may be anything", i)
		}
	}
	for _, bad := range [][]byte{nil, proof[:63], append(bytes.Clone(proof), 0), make([]byte, 64)} {
		if err := VerifyPossession(p, bad); !errors.Is(err, sm2.ErrSignatureEncoding) {
			t.Errorf("proof of %d bytes: %v", len(bad), err)
		}
	}
	p.Key = [sm2.PublicKeySize]byte{}
	if err := VerifyPossession(p, proof); !errors.Is(err, sm2.ErrPublicKey) {
		t.Errorf("no key: %v", err)
	}
}
