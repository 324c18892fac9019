package sm2

import (
	"errors"
	"fmt"
	"log/slog"
)

// Format writes "sm2.PrivateKey(" and the public key's fingerprint and ")" for
// every verb, %#v and %x included. The receiver is a value so that keys held by
// value are covered too.
func (k PrivateKey) Format(f fmt.State, _ rune) { fmt.Fprint(f, k.String()) }

// String is what Format writes.
func (k PrivateKey) String() string {
	if k.public == nil {
		return "sm2.PrivateKey(none)"
	}
	return "sm2.PrivateKey(" + k.public.Fingerprint().String() + ")"
}

// LogValue is String, for log/slog.
func (k PrivateKey) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalText fails, and so do JSON and the other encodings that rest on it: a
// key is stored on purpose or not at all.
func (k PrivateKey) MarshalText() ([]byte, error) {
	return nil, errors.New("sm2: a private key is not marshalled; take its Bytes to a key store")
}

// MarshalBinary fails like MarshalText; encoding/gob uses it.
func (k PrivateKey) MarshalBinary() ([]byte, error) { return k.MarshalText() }
