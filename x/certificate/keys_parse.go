package certificate

import (
	"strings"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// RefOfHead returns the certificate whose HeadKey a key is, false if it is none.
func RefOfHead(key []byte) (rules.Ref, bool) {
	rest, ok := strings.CutPrefix(string(key), heads.Prefix())
	if !ok {
		return rules.Ref{}, false
	}
	ref, err := refKey.Decode([]byte(rest))
	return ref, err == nil && ref.Check() == nil
}

// NumberOf returns the number whose NumberKey a key is, false if it is none.
func NumberOf(key []byte) (string, bool) {
	rest, ok := strings.CutPrefix(string(key), numbers.Prefix())
	if !ok {
		return "", false
	}
	number, err := store.Text{}.DecodeKey([]byte(rest))
	return number, err == nil && rules.Ref{Issuer: "0", Number: number}.Check() == nil // any issuer
}
