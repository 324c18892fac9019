package keystore

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"fmt"

	gmsm "github.com/emmansun/gmsm/sm2"
	"golang.org/x/crypto/cryptobyte"
	der "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

var (
	oidECPublicKey = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidSM2         = asn1.ObjectIdentifier{1, 2, 156, 10197, 1, 301}
)

// otherKeys names what people are likely to have at hand instead, by the
// algorithm or the curve.
var otherKeys = map[string]string{
	"1.2.840.113549.1.1.1":  "an RSA key",
	"1.2.840.113549.1.1.10": "an RSA-PSS key",
	"1.2.840.10040.4.1":     "a DSA key",
	"1.2.840.10045.3.1.7":   "on the curve P-256",
	"1.3.132.0.34":          "on the curve P-384",
	"1.3.132.0.35":          "on the curve P-521",
	"1.3.132.0.10":          "on the curve secp256k1",
	"1.3.101.110":           "an X25519 key",
	"1.3.101.112":           "an Ed25519 key",
	"1.3.101.113":           "an Ed448 key",
}

func errKeyType(oid asn1.ObjectIdentifier) error {
	if name := otherKeys[oid.String()]; name != "" {
		return fmt.Errorf("%w (it is %s)", ErrKeyType, name)
	}
	return fmt.Errorf("%w (it is of type %v)", ErrKeyType, oid)
}

// errNotInfo: the bytes do not even begin as a PrivateKeyInfo does. After
// decryption that means another pass phrase.
var errNotInfo = errors.New("not a PrivateKeyInfo")

// publicPoint returns 04 ‖ x ‖ y of the public key of d.
func publicPoint(d []byte) ([]byte, error) {
	key, err := gmsm.NewPrivateKey(d)
	if err != nil {
		return nil, err
	}
	half, err := key.ECDH()
	if err != nil {
		return nil, err
	}
	return half.PublicKey().Bytes(), nil
}

// marshalKey returns the DER of a PrivateKeyInfo with the private and the
// public key. The caller clears it.
func marshalKey(key *sm2.PrivateKey) ([]byte, error) {
	d := key.Bytes()
	defer clear(d[:])
	point, err := publicPoint(d[:])
	if err != nil {
		return nil, fmt.Errorf("keystore: %w", err)
	}
	b := cryptobyte.NewFixedBuilder(make([]byte, 0, 256)) // never moved, so no copies of d are left
	b.AddASN1(der.SEQUENCE, func(info *cryptobyte.Builder) {
		info.AddASN1Int64(0)
		info.AddASN1(der.SEQUENCE, func(algorithm *cryptobyte.Builder) {
			algorithm.AddASN1ObjectIdentifier(oidECPublicKey)
			algorithm.AddASN1ObjectIdentifier(oidSM2)
		})
		info.AddASN1(der.OCTET_STRING, func(octets *cryptobyte.Builder) {
			octets.AddASN1(der.SEQUENCE, func(ec *cryptobyte.Builder) {
				ec.AddASN1Int64(1)
				ec.AddASN1OctetString(d[:])
				ec.AddASN1(der.Tag(1).Constructed().ContextSpecific(), func(public *cryptobyte.Builder) {
					public.AddASN1BitString(point)
				})
			})
		})
	})
	return b.Bytes()
}

// parseKey reads the DER of a PrivateKeyInfo with an SM2 key, all of info.
// Errors: errNotInfo, ErrKeyType, ErrCorrupt.
func parseKey(info []byte) (*sm2.PrivateKey, error) {
	var all, algorithm, octets cryptobyte.String
	var version int
	input := cryptobyte.String(info)
	if !input.ReadASN1(&all, der.SEQUENCE) || !input.Empty() ||
		!all.ReadASN1Integer(&version) || version != 0 && version != 1 ||
		!all.ReadASN1(&algorithm, der.SEQUENCE) || !all.ReadASN1(&octets, der.OCTET_STRING) {
		return nil, errNotInfo
	}

	var kind, curve asn1.ObjectIdentifier
	if !algorithm.ReadASN1ObjectIdentifier(&kind) {
		return nil, errNotInfo
	}
	if !kind.Equal(oidECPublicKey) {
		return nil, errKeyType(kind)
	}
	if !algorithm.ReadASN1ObjectIdentifier(&curve) || !algorithm.Empty() {
		return nil, fmt.Errorf("%w (its curve has no name)", ErrKeyType)
	}
	if !curve.Equal(oidSM2) {
		return nil, errKeyType(curve)
	}
	if version != 0 || !all.Empty() {
		return nil, fmt.Errorf("%w (version %d or attributes, which are not used here)", ErrCorrupt, version)
	}
	return parseECKey(octets)
}

// parseECKey reads the DER of an ECPrivateKey whose curve is known.
func parseECKey(input cryptobyte.String) (*sm2.PrivateKey, error) {
	var ec, d, named, public, bits cryptobyte.String
	var version int
	var hasCurve, hasPublic bool
	if !input.ReadASN1(&ec, der.SEQUENCE) || !input.Empty() ||
		!ec.ReadASN1Integer(&version) || version != 1 || !ec.ReadASN1(&d, der.OCTET_STRING) ||
		!ec.ReadOptionalASN1(&named, &hasCurve, der.Tag(0).Constructed().ContextSpecific()) ||
		!ec.ReadOptionalASN1(&public, &hasPublic, der.Tag(1).Constructed().ContextSpecific()) || !ec.Empty() ||
		hasCurve && (!readOID(&named, oidSM2) || !named.Empty()) {
		return nil, fmt.Errorf("%w (it holds no well-formed ECPrivateKey)", ErrCorrupt)
	}
	if !hasPublic {
		return nil, fmt.Errorf("%w (it lacks the public key, without which damage would go unseen)", ErrCorrupt)
	}
	key, err := sm2.NewPrivateKey(d)
	if err != nil {
		return nil, fmt.Errorf("%w (its private key is out of range)", ErrCorrupt)
	}
	point, err := publicPoint(d)
	if err != nil || !public.ReadASN1(&bits, der.BIT_STRING) || !public.Empty() ||
		!bytes.Equal(bits, append([]byte{0}, point...)) { // no unused bits
		return nil, fmt.Errorf("%w (its public key is not that of its private key)", ErrCorrupt)
	}
	return key, nil
}
