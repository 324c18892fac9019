package keystore

import (
	"bytes"
	"crypto/rand"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"io"

	"github.com/emmansun/gmsm/pkcs"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// Encode returns the file of key under passphrase, at the price of iterations
// of PBKDF2. Salt and IV are the 32 bytes read from random; nil means
// crypto/rand. Errors: ErrEmptyPassphrase, ErrMalformedPassphrase, ErrWeak,
// ErrCostly, or what random returns.
func Encode(random io.Reader, key *sm2.PrivateKey, passphrase []byte, iterations int) ([]byte, error) {
	return encode(random, key, passphrase, iterations, accepted)
}

func encode(random io.Reader, key *sm2.PrivateKey, passphrase []byte, iterations int, accept span) ([]byte, error) {
	if err := checkPassphrase(passphrase); err != nil {
		return nil, err
	}
	if err := accept.check(iterations); err != nil {
		return nil, err
	}
	info, err := marshalKey(key)
	if err != nil {
		return nil, err
	}
	defer clear(info)
	return seal(random, info, passphrase, iterations)
}

// seal encrypts the DER of a PrivateKeyInfo.
func seal(random io.Reader, info, passphrase []byte, iterations int) ([]byte, error) {
	if random == nil {
		random = rand.Reader
	}
	saltAndIV := make([]byte, saltSize+ivSize)
	if _, err := io.ReadFull(random, saltAndIV); err != nil {
		return nil, fmt.Errorf("keystore: read randomness: %w", err)
	}
	scheme := pkcs.NewPBESEncrypter(pkcs.SM4CBC, pkcs.NewPBKDF2Opts(pkcs.SM3, saltSize, iterations))
	algorithm, ciphertext, err := scheme.Encrypt(bytes.NewReader(saltAndIV), passphrase, info)
	if err != nil {
		return nil, fmt.Errorf("keystore: encrypt: %w", err)
	}
	encrypted, err := asn1.Marshal(struct {
		Algorithm  pkix.AlgorithmIdentifier
		Ciphertext []byte
	}{*algorithm, ciphertext})
	if err != nil {
		return nil, fmt.Errorf("keystore: encode: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: encrypted}), nil
}

// Parse decrypts a whole file with passphrase. Errors: ErrTooLarge, ErrPEM,
// ErrUnencrypted, ErrEncryption, ErrWeak, ErrCostly, ErrCorrupt,
// ErrEmptyPassphrase, ErrMalformedPassphrase, ErrPassphrase, ErrKeyType.
func Parse(file, passphrase []byte) (*sm2.PrivateKey, error) {
	return parse(file, accepted, func() ([]byte, error) { return passphrase, nil })
}

// parse asks for the pass phrase once it knows that one is of use.
func parse(file []byte, accept span, ask func() ([]byte, error)) (*sm2.PrivateKey, error) {
	info, err := decodePEM(file)
	if err != nil {
		return nil, err
	}
	e, err := parseInfo(info, accept)
	if err != nil {
		return nil, err
	}
	passphrase, err := ask()
	if err != nil {
		return nil, err
	}
	if err := checkPassphrase(passphrase); err != nil {
		return nil, err
	}
	return e.open(passphrase)
}

// open decrypts e: SM4-CBC under PBKDF2-HMAC-SM3(passphrase, salt, iterations).
func (e envelope) open(passphrase []byte) (*sm2.PrivateKey, error) {
	kdf := pkcs.NewPBKDF2Opts(pkcs.SM3, len(e.salt), e.iterations)
	secret, _, err := kdf.DeriveKey(passphrase, e.salt, keySize)
	if err != nil {
		return nil, fmt.Errorf("keystore: derive the key: %w", err)
	}
	defer clear(secret)
	info, err := pkcs.SM4CBC.Decrypt(secret, &asn1.RawValue{FullBytes: e.iv}, e.ciphertext)
	if err != nil {
		return nil, ErrPassphrase // the padding; every other cause was excluded before
	}
	defer clear(info)
	key, err := parseKey(info)
	if errors.Is(err, errNotInfo) {
		return nil, ErrPassphrase
	}
	return key, err
}
