package demo

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// makeKeys makes every key of the run, and takes one of them by way of an
// encrypted file.
func (r *run) makeKeys(context.Context) (o outcome, err error) {
	if err := r.generate(); err != nil {
		return o, err
	}
	path := filepath.Join(r.dir, "demo-body-a-certifier.pem")
	if r.bodies[0].certifier, err = throughFile(path, r.bodies[0].certifier); err != nil {
		return o, err
	}
	show := func(key *sm2.PrivateKey, format string, args ...any) {
		o.details = append(o.details, plain("%s  %s", key.Public().Fingerprint(), fmt.Sprintf(format, args...)))
	}
	for _, b := range r.bodies {
		show(b.certifier, "%s certifier", b.id)
		show(b.approver, "%s approver", b.id)
	}
	for i, v := range r.validators {
		show(v, "demo-regulator-%d validator", i+1)
	}
	o.result = say("%d keys; the first was written to an encrypted file (PBKDF2-HMAC-SM3, SM4) and read back",
		"共 %d 个密钥；第一个已写入加密文件（PBKDF2-HMAC-SM3、SM4）并读回", len(o.details))
	return o, nil
}

// generate makes the keys, in memory, and what a verifier is to know of them.
func (r *run) generate() error {
	var keys [8]*sm2.PrivateKey
	for i := range keys {
		key, err := sm2.Generate(rand.Reader)
		if err != nil {
			return err
		}
		keys[i] = key
	}
	r.bodies = []body{{"demo-body-a", keys[0], keys[1]}, {"demo-body-b", keys[2], keys[3]}}
	r.validators = keys[4:]
	r.trust = trustOf(r.bodies, r.validators)
	return nil
}

// throughFile writes key to a file under a pass phrase that nobody keeps, and
// returns what the file gives back.
func throughFile(path string, key *sm2.PrivateKey) (*sm2.PrivateKey, error) {
	secret := rand.Text()
	pass := func(keystore.Request) ([]byte, error) { return []byte(secret), nil }
	if err := keystore.Create(path, key, pass, keystore.Options{}); err != nil {
		return nil, err
	}
	d := key.Bytes()
	if raw, err := os.ReadFile(path); err != nil || bytes.Contains(raw, d[:]) {
		return nil, errors.Join(err, errors.New("the key file cannot be read, or shows the key"))
	}
	read, err := keystore.Load(path, pass)
	if err != nil {
		return nil, err
	}
	if !read.Public().Equal(key.Public()) {
		return nil, errors.New("the key file gave back another key")
	}
	return read, nil
}

// trustOf returns what a verifier needs to know of them all.
func trustOf(bodies []body, validators []*sm2.PrivateKey) (t trust) {
	for _, b := range bodies {
		t.bodies = append(t.bodies, signers{b.id, b.certifier.Public(), b.approver.Public()})
	}
	for _, v := range validators {
		t.validators = append(t.validators, v.Public())
	}
	return t
}
