package cli

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// The folder of keys has for each key
//
//	NAME.pem     the encrypted key (crypto/keystore); absent for keys of others
//	NAME.json    what is remembered of it: keyNote
//	NAME.nonces  which nonces were handed out (client.FileBook)
//
// Nothing in NAME.json is trusted by the ledger; it saves typing.

// keyNote is what is remembered of a key beside its file. It is also what a
// member sends to who admits it: the proof shows that it has the key.
type keyNote struct {
	Name   string `json:"-"`
	Member string `json:"member"`
	Duty   string `json:"duty"`
	Holder string `json:"holder"`
	Key    string `json:"key"`             // 66 hexadecimal digits
	Chain  string `json:"chain,omitempty"` // the chain that the proof is for
	Proof  string `json:"proof,omitempty"` // of possession, 128 hexadecimal digits
	Secret bool   `json:"-"`               // NAME.pem is there
}

// public returns the key.
func (k *keyNote) public() (*sm2.PublicKey, error) { return parseKey(k.Key) }

func parseKey(digits string) (*sm2.PublicKey, error) {
	raw, err := hex.DecodeString(digits)
	if err != nil {
		return nil, usage(sayf("%.70q is not a key: 66 hexadecimal digits.", "%.70q 不是公钥：应为 66 位十六进制数字。", digits))
	}
	key, err := sm2.ParsePublicKey(raw)
	if err != nil {
		return nil, usageOf(sayf("%.70q is not a key.", "%.70q 不是公钥。", digits), err)
	}
	return key, nil
}

var keyNames = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$`)

// path returns the path of a file of a key.
func (s *session) keyPath(name, suffix string) (string, error) {
	if !keyNames.MatchString(name) {
		return "", usage(sayf("%q is not a name for a key: use letters, digits, dots, hyphens and underscores.", "%q 不能作为密钥名称：请使用字母、数字、点、连字符和下划线。", name))
	}
	if s.keys == "" {
		return "", usage(say("There is no folder of keys; name one (--keys).", "没有密钥文件夹，请用 --keys 指定。"))
	}
	return filepath.Join(s.keys, name+suffix), nil
}

// keyNotes returns all keys of the folder by name.
func (s *session) keyNotes() (notes []*keyNote, err error) {
	entries, err := os.ReadDir(s.keys)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the folder of keys: %w", err)
	}
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".json"); ok && keyNames.MatchString(name) {
			note, err := s.keyNote(name)
			if err != nil {
				return nil, err
			}
			notes = append(notes, note)
		}
	}
	return notes, nil
}

// keyNote reads what is remembered of the key with a name.
func (s *session) keyNote(name string) (*keyNote, error) {
	path, err := s.keyPath(name, ".json")
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage(sayf("There is no key %q in %s. See hallmark keys list.", "%[2]s 中没有名为 %[1]q 的密钥。可用 hallmark keys list 查看。", name, s.keys))
	}
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	note := new(keyNote)
	if err := json.Unmarshal(raw, note); err != nil {
		return nil, usageOf(sayf("%s is damaged; restore it from a backup.", "%s 已损坏，请从备份恢复。", path), err)
	}
	if _, err := note.public(); err != nil {
		return nil, err
	}
	note.Name = name
	_, err = os.Lstat(strings.TrimSuffix(path, ".json") + ".pem")
	note.Secret = err == nil
	return note, nil
}

// writeNote remembers a key, in a new file.
func (s *session) writeNote(n *keyNote) error {
	path, err := s.keyPath(n.Name, ".json")
	if err != nil {
		return err
	}
	raw, err := json.MarshalIndent(n, "", "  ")
	if err != nil {
		return fmt.Errorf("remember the key: %w", err)
	}
	return writeNew(path, append(raw, '\n'), 0o600)
}

// lookUp returns the key that a person means: a name in the folder, or the 66
// digits of a key that the folder may know.
func (s *session) lookUp(ref string) (*keyNote, error) {
	if len(ref) != 2*sm2.PublicKeySize {
		return s.keyNote(ref)
	}
	if _, err := parseKey(ref); err != nil {
		return nil, err
	}
	notes, err := s.keyNotes()
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(notes, func(n *keyNote) bool { return n.Key == ref }); i >= 0 {
		return notes[i], nil
	}
	return &keyNote{Key: ref}, nil
}

// open asks for the pass phrase of a key and decrypts it.
func (s *session) open(n *keyNote) (*sm2.PrivateKey, error) {
	if !n.Secret {
		return nil, usage(sayf("The secret half of key %s is not in %s, so it cannot sign here.", "密钥 %s 的私钥不在 %s 中，无法在此签名。", n.label(), s.keys))
	}
	path, err := s.keyPath(n.Name, ".pem")
	if err != nil {
		return nil, err
	}
	key, err := keystore.Load(path, s.passphrase())
	if err != nil {
		return nil, keyFault(err)
	}
	if key.Public().String() != n.Key {
		return nil, usage(sayf("%s holds another key than its note says; restore both from a backup.", "%s 中的密钥与其记录不符，请从备份恢复两者。", path))
	}
	return key, nil
}

// keyFault gives the errors of keystore that people meet a text of their own.
func keyFault(err error) error {
	switch {
	case errors.Is(err, keystore.ErrPassphrase):
		return usageOf(say("Wrong pass phrase, or the key file is damaged.", "口令错误，或密钥文件已损坏。"), err)
	case errors.Is(err, keystore.ErrNoTerminal):
		return usageOf(say("Nobody can be asked for the pass phrase here. Give it with --passphrase-file or "+envPassphrase+".", "此处无法询问口令。请用 --passphrase-file 或 "+envPassphrase+" 提供。"), err)
	}
	return usageOf(say("The key file cannot be used.", "密钥文件无法使用。"), err)
}

// label names a key for people.
func (n *keyNote) label() string {
	if n.Name != "" {
		return n.Name
	}
	return n.Key
}

// nonces returns what hands out the nonces of a key to all programs that use the
// folder.
func (s *session) nonces(c *client.Client, n *keyNote) (*client.Nonces, error) {
	key, err := n.public()
	if err != nil {
		return nil, err
	}
	if n.Name == "" {
		return c.Nonces(key, nil), nil
	}
	path, err := s.keyPath(n.Name, ".nonces")
	if err != nil {
		return nil, err
	}
	return c.Nonces(key, client.NewFileBook(path)), nil
}
