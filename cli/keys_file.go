package cli

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/crypto/keystore"
)

const maxKeyFile = 64 << 10

func (s *session) keysImport() *cobra.Command {
	c := &cobra.Command{
		Use:   "import NAME FILE",
		Short: s.language.of(say("Take a key from a file: encrypted PKCS#8, or the public half as JSON", "从文件导入密钥：加密的 PKCS#8，或 JSON 形式的公钥")),
		Long: s.language.of(say(`Take a key into the folder. FILE is an encrypted PKCS#8 key (PBES2 with HMAC-SM3 and
SM4-CBC), of which the pass phrase is asked and stays the same; then --member, --duty
and --holder say whose it is. Or it is what keys show --json or keys export --public
printed: the public half of another person's key, to name as --cosigner.`,
			`将密钥导入文件夹。FILE 可以是加密的 PKCS#8 密钥（PBES2、HMAC-SM3、SM4-CBC），将询问
其口令且口令不变，须以 --member、--duty、--holder 说明归属；也可以是 keys show --json 或
keys export --public 输出的他人公钥，供 --cosigner 使用。`)),
		Args: args(cobra.ExactArgs(2)),
	}
	f := s.ownerFlags(c)
	c.RunE = func(c *cobra.Command, given []string) error {
		name, path := given[0], given[1]
		raw, err := s.readFile(path, maxKeyFile)
		if err != nil {
			return err
		}
		if err := s.free(name); err != nil {
			return err
		}
		note := new(keyNote)
		if json.Unmarshal(raw, note) == nil {
			if _, err := note.public(); err != nil {
				return err
			}
			note.Name = name
			if err := s.writeNote(note); err != nil {
				return err
			}
			return s.showKey(note)
		}
		if err := f.check(); err != nil {
			return err
		}
		chain, err := s.chain(c.Context())
		if err != nil {
			return err
		}
		passphrase, err := s.passphrase()(keystore.Request{Path: path})
		if err != nil {
			return keyFault(err)
		}
		key, err := keystore.Parse(raw, passphrase)
		if err != nil {
			return keyFault(err)
		}
		note = &keyNote{Name: name, Member: f.member, Duty: f.duty, Holder: f.holder, Key: key.Public().String(), Secret: true}
		if err := prove(c.Context(), note, key, chain); err != nil {
			return err
		}
		target, err := s.keyPath(name, ".pem")
		if err != nil {
			return err
		}
		if err := writeNew(target, raw, 0o600); err != nil {
			return err
		}
		if err := s.writeNote(note); err != nil {
			return err
		}
		return s.showKey(note)
	}
	return c
}

func (s *session) keysExport() *cobra.Command {
	var out string
	var public bool
	c := &cobra.Command{
		Use:   "export NAME --out FILE",
		Short: s.language.of(say("Copy a key to a file: encrypted PKCS#8, or with --public its public half", "将密钥导出到文件：加密的 PKCS#8；--public 则仅公钥")),
		Long: s.language.of(say(`Copy a key to a file. The encrypted key stays under its pass phrase; whoever has the
file and the pass phrase can sign. With --public it is what keys show --json prints.`,
			`将密钥导出到文件。加密密钥仍受原口令保护；持有文件和口令者即可签名。
使用 --public 时内容同 keys show --json。`)),
		Args: args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, given []string) error {
			if out == "" {
				return usage(say("Say where to write it (--out).", "请指定写入位置（--out）。"))
			}
			n, err := s.keyNote(given[0])
			if err != nil {
				return err
			}
			if public {
				raw, err := json.MarshalIndent(n, "", "  ")
				if err != nil {
					return fmt.Errorf("export: %w", err)
				}
				if err := writeNew(out, append(raw, '\n'), 0o644); err != nil {
					return err
				}
			} else {
				if _, err := s.open(n); err != nil { // a copy that nobody can open is no backup
					return err
				}
				path, err := s.keyPath(n.Name, ".pem")
				if err != nil {
					return err
				}
				raw, err := os.ReadFile(path)
				if err != nil {
					return fmt.Errorf("export: %w", err)
				}
				if err := writeNew(out, raw, 0o600); err != nil {
					return err
				}
			}
			s.notef("written to %s", "已写入 %s", out)
			return nil
		},
	}
	t := s.language.of
	c.Flags().StringVar(&out, "out", "", t(say("file to write; it must not exist", "写入的文件，不得已存在")))
	c.Flags().BoolVar(&public, "public", false, t(say("the public half only", "仅公钥")))
	return c
}
