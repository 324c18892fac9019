package sm2

import (
	"context"
	"crypto"
	"errors"
	"io"
	"testing"
)

// signFunc is a crypto.Signer that does what a test wants.
type signFunc func(random io.Reader, input []byte, opts crypto.SignerOpts) ([]byte, error)

func (signFunc) Public() crypto.PublicKey { panic("Public is not to be consulted") }

func (f signFunc) Sign(random io.Reader, input []byte, opts crypto.SignerOpts) ([]byte, error) {
	return f(random, input, opts)
}

// TestFromCryptoSigner signs through both libraries' own keys, under each
// convention they support.
func TestFromCryptoSigner(t *testing.T) {
	k := newKey(t)
	for name, c := range map[string]struct {
		signer crypto.Signer
		input  SignerInput
		works  bool
	}{
		"gmsm, digest":   {k.key, SignsDigest, true},
		"gmsm, message":  {k.key, SignsMessage, true},
		"tjfoc, message": {tjfocPrivate(k), SignsMessage, true},
		"tjfoc, digest":  {tjfocPrivate(k), SignsDigest, false}, // hashes once more
		"another's key":  {newKey(t).key, SignsDigest, false},
	} {
		s, err := FromCryptoSigner(k.Public(), c.signer, c.input)
		if err != nil {
			t.Fatal(err)
		}
		if !s.Public().Equal(k.Public()) {
			t.Errorf("%s: Public = %s", name, s.Public())
		}
		message := []byte("through crypto.Signer")
		sig, err := s.Sign(t.Context(), message)
		switch {
		case c.works && (err != nil || Verify(k.Public(), message, sig) != nil):
			t.Errorf("%s: Sign = %s, %v", name, sig, err)
		case !c.works && !errors.Is(err, ErrSigner):
			t.Errorf("%s: Sign = %v, want ErrSigner", name, err)
		}
	}
}

func TestFromCryptoSignerFaults(t *testing.T) {
	k := newKey(t)
	offline := errors.New("module offline")
	answers := map[string]struct {
		answer []byte
		err    error
		want   error
	}{
		"an error":         {nil, offline, offline},
		"nothing":          {nil, nil, ErrSigner},
		"64 bytes, no DER": {make([]byte, 64), nil, ErrSigner},
		"zeros in DER":     {[]byte{0x30, 6, 2, 1, 0, 2, 1, 0}, nil, ErrSigner},
	}
	for name, a := range answers {
		s, err := FromCryptoSigner(k.Public(), signFunc(func(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
			return a.answer, a.err
		}), SignsDigest)
		if err != nil {
			t.Fatal(err)
		}
		if sig, err := s.Sign(t.Context(), nil); !errors.Is(err, a.want) || sig != (Signature{}) {
			t.Errorf("%s: Sign = %s, %v", name, sig, err)
		}
	}
	s, err := FromCryptoSigner(k.Public(), k.key, SignsDigest)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Sign(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Sign after the context ended: %v", err)
	}
	if _, err := FromCryptoSigner(nil, k.key, SignsDigest); !errors.Is(err, ErrPublicKey) {
		t.Errorf("FromCryptoSigner without a key: %v", err)
	}
	if _, err := FromCryptoSigner(k.Public(), k.key, 0); err == nil {
		t.Error("FromCryptoSigner accepts input 0")
	}
}
