package api

import (
	"encoding/base64"
	"encoding/binary"
	"net/http"

	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/member"
	"github.com/hallmark-ledger/hallmark/x/trace/gs1"
)

// A cursor says where the next page of a list begins. It is unpadded base64url
// of
//
//	kind (1) ‖ what that kind of list needs
//
// and of use for that kind alone. It is not secret and not signed: whatever it
// says is checked, and at worst begins the list elsewhere.
const (
	cursorRef     = 'c' // issuer ‖ 00 ‖ number
	cursorMember  = 'm' // id
	cursorKey     = 'k' // x/member's own, at most maxKeyCursor bytes
	cursorNumber  = 'n' // 8 bytes, big-endian
	cursorProduct = 'p' // URI
	cursorGround  = 'g' // number of a record, 4 bytes ‖ issuer ‖ 00 ‖ number
)

const maxKeyCursor = 64

var errCursor = fail(http.StatusUnprocessableEntity, "The cursor is not one of this list. Take the member next of the page before, unchanged.")

func encodeCursor(kind byte, data []byte) string {
	return base64.RawURLEncoding.EncodeToString(append([]byte{kind}, data...))
}

// decodeCursor returns the data of a cursor of the kind, nil for no cursor.
func decodeCursor(kind byte, s string) ([]byte, error) {
	if s == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) < 2 || b[0] != kind || base64.RawURLEncoding.EncodeToString(b) != s {
		return nil, errCursor
	}
	return b[1:], nil
}

func encodeRefCursor(r rules.Ref) string {
	return encodeCursor(cursorRef, []byte(r.Issuer+"\x00"+r.Number))
}

// decodeRefCursor returns the zero Ref for no cursor.
func decodeRefCursor(s string) (r rules.Ref, err error) {
	b, err := decodeCursor(cursorRef, s)
	if err != nil || b == nil {
		return r, err
	}
	return cutRef(b)
}

// cutRef reads issuer ‖ 00 ‖ number.
func cutRef(b []byte) (r rules.Ref, err error) {
	for i := range b {
		if b[i] == 0 {
			r = rules.Ref{Issuer: string(b[:i]), Number: string(b[i+1:])}
			break
		}
	}
	if r.Check() != nil {
		return rules.Ref{}, errCursor
	}
	return r, nil
}

func encodeGroundCursor(d certificate.Decision) string {
	b := binary.BigEndian.AppendUint32(nil, d.Record)
	return encodeCursor(cursorGround, append(b, d.Certificate.Issuer+"\x00"+d.Certificate.Number...))
}

// decodeGroundCursor returns the zero Decision for no cursor.
func decodeGroundCursor(s string) (d certificate.Decision, err error) {
	b, err := decodeCursor(cursorGround, s)
	if err != nil || b == nil {
		return d, err
	}
	if len(b) < 4 {
		return d, errCursor
	}
	d.Record = binary.BigEndian.Uint32(b)
	d.Certificate, err = cutRef(b[4:])
	return d, err
}

func encodeMemberCursor(id string) string {
	if id == "" {
		return ""
	}
	return encodeCursor(cursorMember, []byte(id))
}

func decodeMemberCursor(s string) (string, error) {
	b, err := decodeCursor(cursorMember, s)
	if err == nil && b != nil && member.CheckID(string(b)) != nil {
		err = errCursor
	}
	return string(b), err
}

func encodeKeyCursor(b []byte) string {
	if b == nil {
		return ""
	}
	return encodeCursor(cursorKey, b)
}

func decodeKeyCursor(s string) ([]byte, error) {
	b, err := decodeCursor(cursorKey, s)
	if len(b) > maxKeyCursor {
		return nil, errCursor
	}
	return b, err
}

func encodeNumberCursor(n uint64) string {
	if n == 0 {
		return ""
	}
	return encodeCursor(cursorNumber, binary.BigEndian.AppendUint64(nil, n))
}

// decodeNumberCursor returns 0 for no cursor.
func decodeNumberCursor(s string) (uint64, error) {
	b, err := decodeCursor(cursorNumber, s)
	if err != nil || b == nil {
		return 0, err
	}
	if len(b) != 8 {
		return 0, errCursor
	}
	return binary.BigEndian.Uint64(b), nil
}

// decodeProductCursor returns the empty string for no cursor.
func decodeProductCursor(s string) (string, error) {
	b, err := decodeCursor(cursorProduct, s)
	if err != nil || b == nil {
		return "", err
	}
	if _, err := gs1.ParseProduct(string(b)); err != nil {
		return "", errCursor
	}
	return string(b), nil
}
