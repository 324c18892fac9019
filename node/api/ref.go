package api

import (
	"encoding/hex"
	"net/http"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// parseHash reads an id of a transaction.
func parseHash(what, s string) (h sm3.Hash, err error) {
	return h, parseHex(what, s, h[:])
}

// parseKey reads a public key. That it is a point of the curve is not asked for:
// one that is not is of nobody.
func parseKey(s string) (k [33]byte, err error) {
	return k, parseHex("the key", s, k[:])
}

// parseHex fills dst from lower-case digits: what is said of something has one
// address only.
func parseHex(what, s string, dst []byte) error {
	if len(s) == 2*len(dst) {
		if _, err := hex.Decode(dst, []byte(s)); err == nil && hex.EncodeToString(dst) == s {
			return nil
		}
	}
	return fail(http.StatusUnprocessableEntity, "%s has %d lower-case hexadecimal digits.", upperFirst(what), 2*len(dst))
}

func upperFirst(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

// parseRef reads the name of a certificate; the error is the refusal of the
// rules.
func parseRef(issuer, number string) (rules.Ref, error) {
	ref := rules.Ref{Issuer: issuer, Number: number}
	return ref, ref.Check()
}

// parseDate reads a civil date.
func parseDate(s string) (civil.Date, error) {
	d, err := civil.Parse(s)
	if err != nil {
		return 0, fail(http.StatusUnprocessableEntity, "A date is written 2026-06-01: not %.20q.", s)
	}
	return d, nil
}

// dateText is a date for an answer, empty for none.
func dateText(d civil.Date) string {
	if !d.Valid() {
		return ""
	}
	return d.String()
}

// hashText is a hash for an answer, empty for zero.
func hashText(h sm3.Hash) string {
	if h.IsZero() {
		return ""
	}
	return h.String()
}

// list is never nil, since an empty list of an answer is [].
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}
