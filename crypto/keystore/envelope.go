package keystore

import (
	"bytes"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	der "golang.org/x/crypto/cryptobyte/asn1"
)

// The iteration counts of PBKDF2.
const (
	// DefaultIterations is what Create uses unless told otherwise: about 0.4 s
	// on one core of 2.5 GHz, for whoever opens the file and for each guess of
	// whoever has stolen it.
	DefaultIterations = 400_000
	// MinIterations and MaxIterations bound what is written and read; the most
	// takes ten times the default.
	MinIterations = 100_000
	MaxIterations = 4_000_000
)

const (
	saltSize = 16 // bytes, as written
	minSalt  = 8  // bytes, as read: RFC 8018, section 4.1
	ivSize   = 16 // bytes, SM4's block
	keySize  = 16 // bytes, SM4's key

	// maxSize is the largest accepted file in bytes; one of Create's has 530.
	maxSize = 16 << 10

	pemType = "ENCRYPTED PRIVATE KEY"
)

var (
	oidPBES2      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	oidPBKDF2     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
	oidHMACSM3    = asn1.ObjectIdentifier{1, 2, 156, 10197, 1, 401, 2}
	oidHMACSM3Old = asn1.ObjectIdentifier{1, 2, 156, 10197, 1, 401, 3, 1} // see the package comment
	oidSM4CBC     = asn1.ObjectIdentifier{1, 2, 156, 10197, 1, 104, 2}
)

// span is the iteration counts that are written and read.
type span struct{ min, max int }

var accepted = span{MinIterations, MaxIterations}

func (s span) check(iterations int) error {
	if iterations < s.min {
		return fmt.Errorf("%w (%d iterations, at least %d)", ErrWeak, iterations, s.min)
	}
	if iterations > s.max {
		return fmt.Errorf("%w (%d iterations, at most %d)", ErrCostly, iterations, s.max)
	}
	return nil
}

// envelope is an EncryptedPrivateKeyInfo of the accepted form with sound
// parameters, still encrypted. Only parseInfo makes one.
type envelope struct {
	salt       []byte
	iterations int
	iv         []byte // the DER of an octet string of ivSize bytes
	ciphertext []byte // whole blocks, at least one
}

// decodePEM returns the DER in the one block of file.
// Errors: ErrTooLarge, ErrPEM, ErrUnencrypted, ErrEncryption.
func decodePEM(file []byte) ([]byte, error) {
	if len(file) > maxSize {
		return nil, fmt.Errorf("%w (%d bytes, at most %d)", ErrTooLarge, len(file), maxSize)
	}
	file = bytes.TrimSpace(file)
	block, rest := pem.Decode(file)
	switch {
	case block == nil:
		return nil, ErrPEM
	case block.Headers["DEK-Info"] != "":
		return nil, fmt.Errorf("%w (it is the old form with DEK-Info)", ErrEncryption)
	case block.Type != pemType && strings.HasSuffix(block.Type, "PRIVATE KEY"):
		return nil, ErrUnencrypted
	case block.Type != pemType:
		return nil, fmt.Errorf("%w (it is %.40q)", ErrPEM, block.Type)
	case len(block.Headers) > 0 || len(rest) > 0 || !bytes.HasPrefix(file, []byte("-----BEGIN "+pemType)):
		return nil, fmt.Errorf("%w (there is more in the file than the block)", ErrPEM)
	}
	return block.Bytes, nil
}

// parseInfo reads the DER of an EncryptedPrivateKeyInfo, all of info.
// Errors: ErrUnencrypted, ErrCorrupt, ErrEncryption, ErrWeak, ErrCostly.
func parseInfo(info []byte, accept span) (e envelope, err error) {
	var all, scheme, ciphertext, salt, iv cryptobyte.String
	input := cryptobyte.String(info)
	if !input.ReadASN1(&all, der.SEQUENCE) || !input.Empty() {
		return envelope{}, fmt.Errorf("%w (it is not one DER sequence)", ErrCorrupt)
	}
	if all.PeekASN1Tag(der.INTEGER) { // the version of a PrivateKeyInfo
		return envelope{}, ErrUnencrypted
	}
	if !all.ReadASN1(&scheme, der.SEQUENCE) || !all.ReadASN1(&ciphertext, der.OCTET_STRING) || !all.Empty() {
		return envelope{}, fmt.Errorf("%w (it is not an EncryptedPrivateKeyInfo)", ErrCorrupt)
	}

	var pbes2, kdf, cipher cryptobyte.String
	if !readOID(&scheme, oidPBES2) || !scheme.ReadASN1(&pbes2, der.SEQUENCE) || !scheme.Empty() ||
		!pbes2.ReadASN1(&kdf, der.SEQUENCE) || !pbes2.ReadASN1(&cipher, der.SEQUENCE) || !pbes2.Empty() ||
		!readOID(&cipher, oidSM4CBC) || !cipher.ReadASN1Element(&iv, der.OCTET_STRING) || !cipher.Empty() {
		return envelope{}, ErrEncryption
	}
	if !readPBKDF2(kdf, &salt, &e.iterations) {
		return envelope{}, ErrEncryption
	}
	if len(salt) < minSalt {
		return envelope{}, fmt.Errorf("%w (a salt of %d bytes, at least %d)", ErrWeak, len(salt), minSalt)
	}
	if err := accept.check(e.iterations); err != nil {
		return envelope{}, err
	}
	if len(iv) != 2+ivSize || len(ciphertext) == 0 || len(ciphertext)%ivSize != 0 {
		return envelope{}, fmt.Errorf("%w (the ciphertext or its IV has a length that cannot be)", ErrCorrupt)
	}
	e.salt, e.iv, e.ciphertext = salt, iv, ciphertext
	return e, nil
}

// readPBKDF2 reads the AlgorithmIdentifier of PBKDF2 with HMAC-SM3.
func readPBKDF2(kdf cryptobyte.String, salt *cryptobyte.String, iterations *int) bool {
	var params, prf, null cryptobyte.String
	if !readOID(&kdf, oidPBKDF2) || !kdf.ReadASN1(&params, der.SEQUENCE) || !kdf.Empty() ||
		!params.ReadASN1(salt, der.OCTET_STRING) || !params.ReadASN1Integer(iterations) {
		return false
	}
	if params.PeekASN1Tag(der.INTEGER) {
		var length int
		if !params.ReadASN1Integer(&length) || length != keySize {
			return false
		}
	}
	return params.ReadASN1(&prf, der.SEQUENCE) && params.Empty() &&
		readOID(&prf, oidHMACSM3, oidHMACSM3Old) && prf.ReadASN1(&null, der.NULL) && null.Empty() && prf.Empty()
}

// readOID reads an object identifier that must be one of want.
func readOID(s *cryptobyte.String, want ...asn1.ObjectIdentifier) bool {
	var got asn1.ObjectIdentifier
	if !s.ReadASN1ObjectIdentifier(&got) {
		return false
	}
	for _, oid := range want {
		if got.Equal(oid) {
			return true
		}
	}
	return false
}
