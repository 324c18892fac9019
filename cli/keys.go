package cli

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/member"
)

func (s *session) keysCommand() *cobra.Command {
	return s.group("keys", say("Keys: make, keep, register", "密钥：生成、保管、登记"),
		s.keysNew(), s.keysList(), s.keysShow(), s.keysImport(), s.keysExport(), s.keysProve(), s.keysRotate(), s.keysRevoke())
}

// ownerFlags say whose a new key is.
type ownerFlags struct{ member, duty, holder string }

func (s *session) ownerFlags(c *cobra.Command) *ownerFlags {
	f := new(ownerFlags)
	t := s.language.of
	c.Flags().StringVar(&f.member, "member", "", t(say("id of the member whose key it is", "密钥所属成员的标识")))
	c.Flags().StringVar(&f.duty, "duty", "", t(say("admin, operator, certifier or approver", "admin（管理）、operator（操作）、certifier（认证决定）或 approver（批准）")))
	c.Flags().StringVar(&f.holder, "holder", "", t(say("opaque id of the person who holds it, without personal data", "持有人的匿名标识，不含个人信息")))
	return f
}

func (f *ownerFlags) check() error {
	if f.member == "" || f.holder == "" {
		return usage(say("Say whose key it is: --member, --duty and --holder.", "请说明密钥归属：--member、--duty 和 --holder。"))
	}
	if _, err := dutyOf(f.duty); err != nil {
		return err
	}
	if err := member.CheckHolder(f.holder); err != nil {
		return usageOf(say("The holder id (--holder) is malformed.", "持有人标识（--holder）格式有误。"), err)
	}
	return nil
}

// dutyOf reads the name of a duty.
func dutyOf(name string) (exec.Duty, error) {
	for d := exec.DutyAdmin; d <= exec.DutyApprover; d++ {
		if d.String() == name {
			return d, nil
		}
	}
	return 0, usage(sayf("There is no duty %q, only admin, operator, certifier and approver.", "没有职责 %q，只有 admin、operator、certifier 和 approver。", name))
}

func (s *session) keysNew() *cobra.Command {
	c := &cobra.Command{
		Use:   "new NAME",
		Short: s.language.of(say("Make a key", "生成密钥")),
		Long: s.language.of(say(`Make an SM2 key and keep it in the folder, encrypted under a pass phrase (PBKDF2
with HMAC-SM3, SM4). What is printed with --json, or by keys show, is what is sent
to who registers the key: public key, duty, holder and the proof of possession. The
proof is for one chain: that of --chain-id, or of the node.

  hallmark keys new alice --member cqc --duty certifier --holder cqc-0017`,
			`生成 SM2 密钥，以口令加密（PBKDF2-HMAC-SM3、SM4）保存在文件夹中。用 --json 或
keys show 输出的内容（公钥、职责、持有人、持有证明）交给登记者。持有证明只用于一条链：
--chain-id 所指或节点所在的链。

  hallmark keys new alice --member cqc --duty certifier --holder cqc-0017`)),
		Args: args(cobra.ExactArgs(1)),
	}
	f := s.ownerFlags(c)
	c.RunE = func(c *cobra.Command, given []string) error {
		if err := f.check(); err != nil {
			return err
		}
		note, err := s.newKey(c.Context(), &keyNote{Name: given[0], Member: f.member, Duty: f.duty, Holder: f.holder})
		if err != nil {
			return err
		}
		return s.showKey(note)
	}
	return c
}

// chain returns the chain's id: as asked for, or of the node.
func (s *session) chain(ctx context.Context) (string, error) {
	if s.chainID != "" {
		return s.chainID, nil
	}
	c, err := s.connect()
	if err != nil {
		return "", err
	}
	status, err := c.Status(ctx)
	if err != nil {
		return "", &failure{exitUnknown, say("The chain is not known: name it (--chain-id), or a node that answers (--node).", "不知道链标识：请用 --chain-id 指定，或用 --node 指定可用节点。"), err}
	}
	return status.ChainID, nil
}

// newKey makes a key for n, which has all but key and proof, and keeps it.
func (s *session) newKey(ctx context.Context, n *keyNote) (*keyNote, error) {
	chain, err := s.chain(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.free(n.Name); err != nil {
		return nil, err
	}
	key, err := sm2.Generate(nil)
	if err != nil {
		return nil, err
	}
	return n, s.keep(ctx, n, key, chain)
}

// free makes sure that there is a folder, and no key with this name in it.
func (s *session) free(name string) error {
	for _, suffix := range []string{".json", ".pem"} {
		path, err := s.keyPath(name, suffix)
		if err != nil {
			return err
		}
		if _, err := os.Lstat(path); err == nil {
			return usage(sayf("There is a key %q in %s already; choose another name.", "%[2]s 中已有名为 %[1]q 的密钥，请换一个名称。", name, s.keys))
		}
	}
	if err := os.MkdirAll(s.keys, 0o700); err != nil {
		return fmt.Errorf("the folder of keys: %w", err)
	}
	return nil
}

// keep writes a key and its note with the proof of possession for chain.
func (s *session) keep(ctx context.Context, n *keyNote, key *sm2.PrivateKey, chain string) error {
	n.Key = key.Public().String()
	if err := prove(ctx, n, key, chain); err != nil {
		return err
	}
	path, err := s.keyPath(n.Name, ".pem")
	if err != nil {
		return err
	}
	if err := keystore.Create(path, key, s.passphrase(), keystore.Options{}); err != nil {
		return keyFault(err)
	}
	n.Secret = true
	return s.writeNote(n)
}

// prove adds the proof of possession of key, for the chain, member and duty.
func prove(ctx context.Context, n *keyNote, key *sm2.PrivateKey, chain string) error {
	duty, err := dutyOf(n.Duty)
	if err != nil {
		return err
	}
	p := seal.Possession{ChainID: chain, Member: n.Member, Purpose: member.Purpose(duty), Key: key.Public().Bytes()}
	proof, err := key.Sign(ctx, seal.ProofOfPossessionMessage(p))
	if err != nil {
		return err
	}
	n.Chain, n.Proof = chain, hex.EncodeToString(proof[:])
	return nil
}

func (s *session) keysProve() *cobra.Command {
	return &cobra.Command{
		Use:   "pop NAME",
		Short: s.language.of(say("Make the proof of possession of a key anew, for another chain", "为另一条链重新生成持有证明")),
		Args:  args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, given []string) error {
			n, err := s.keyNote(given[0])
			if err != nil {
				return err
			}
			chain, err := s.chain(c.Context())
			if err != nil {
				return err
			}
			key, err := s.open(n)
			if err != nil {
				return err
			}
			if err := prove(c.Context(), n, key, chain); err != nil {
				return err
			}
			path, err := s.keyPath(n.Name, ".json")
			if err != nil {
				return err
			}
			raw, err := json.MarshalIndent(n, "", "  ")
			if err != nil {
				return fmt.Errorf("remember the key: %w", err)
			}
			if err := replaceFile(path, append(raw, '\n'), 0o600); err != nil {
				return err
			}
			return s.showKey(n)
		},
	}
}
