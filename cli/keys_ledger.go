package cli

import (
	"encoding/hex"
	"time"

	"github.com/spf13/cobra"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

func (s *session) keysRotate() *cobra.Command {
	c := &cobra.Command{
		Use:   "rotate OLD NEW",
		Short: s.language.of(say("Make key NEW and put it in the place of OLD on the ledger", "生成密钥 NEW，并在账本上替换 OLD")),
		Long: s.language.of(say(`Make a new key with the member, duty and holder of an old one, and register it in
its place. Admin keys sign (--sign-with): one for operators, two of different holders
for keys that decide. A key that decides can be used after the delay of the ledger;
until then the old one lives. If NEW is in the folder already, that key is used.`,
			`按原密钥的成员、职责、持有人生成新密钥，并在账本上替换之。由管理密钥签名（--sign-with）：
操作密钥需一名，作决定的密钥需两名不同持有人。作决定的密钥须待账本规定的延迟后方可使用，
此前原密钥仍有效。若 NEW 已在文件夹中，则使用该密钥。`)),
		Args: args(cobra.ExactArgs(2)),
	}
	f := s.txFlags(c)
	c.RunE = func(c *cobra.Command, given []string) error {
		old, err := s.lookUp(given[0])
		if err != nil {
			return err
		}
		if old.Member == "" {
			return usage(sayf("What is known of %s in %s does not say whose it is.", "%[2]s 中关于 %[1]s 的记录未说明归属。", given[0], s.keys))
		}
		fresh, err := s.keyNote(given[1])
		if err != nil {
			if fresh, err = s.newKey(c.Context(), &keyNote{Name: given[1], Member: old.Member, Duty: old.Duty, Holder: old.Holder}); err != nil {
				return err
			}
		}
		oldKey, err := old.public()
		if err != nil {
			return err
		}
		added, err := fresh.newKey()
		if err != nil {
			return err
		}
		b := oldKey.Bytes()
		return s.transact(c.Context(), f, []*txv1.Message{{Actor: old.Member, Action: &txv1.Message_RotateKey{RotateKey: &memberv1.RotateKey{
			OldKey: b[:], NewKey: added.Key, Proof: added.Proof,
		}}}})
	}
	return c
}

// newKey returns the key as a message registers it.
func (n *keyNote) newKey() (*memberv1.NewKey, error) {
	key, err := n.public()
	if err != nil {
		return nil, err
	}
	duty, err := dutyOf(n.Duty)
	if err != nil {
		return nil, err
	}
	proof, err := hex.DecodeString(n.Proof)
	if err != nil || len(proof) == 0 {
		return nil, usage(sayf("Key %s has no proof of possession; its holder makes one with hallmark keys pop.", "密钥 %s 没有持有证明，请其持有人以 hallmark keys pop 生成。", n.label()))
	}
	b := key.Bytes()
	return &memberv1.NewKey{Key: b[:], Duty: memberv1.Duty(duty), Holder: n.Holder, Proof: proof}, nil
}

func (s *session) keysRevoke() *cobra.Command {
	c := &cobra.Command{
		Use:   "revoke KEY",
		Short: s.language.of(say("End a key of the own member on the ledger, at once", "在账本上立即撤销本成员的密钥")),
		Long: s.language.of(say(`End a key, by name or in hexadecimal, on the ledger. One admin key signs
(--sign-with). If the key may be in other hands, use hallmark member
report-compromise instead. Its file stays.`,
			`在账本上撤销密钥（名称或十六进制）。由一名管理密钥签名（--sign-with）。如密钥可能已落入他人
之手，请改用 hallmark member report-compromise。密钥文件保留。`)),
		Args: args(cobra.ExactArgs(1)),
	}
	f := s.txFlags(c)
	c.RunE = func(c *cobra.Command, given []string) error {
		key, err := s.hexKey(given[0])
		if err != nil {
			return err
		}
		return s.transact(c.Context(), f, []*txv1.Message{{Action: &txv1.Message_RevokeKey{RevokeKey: &memberv1.RevokeKey{Key: key}}}})
	}
	return c
}

// parseInstant reads an instant that a person typed.
func parseInstant(value string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return t, usage(sayf("%q is not an instant like 2026-06-01T12:00:00+08:00.", "%q 不是形如 2026-06-01T12:00:00+08:00 的时刻。", value))
	}
	return t, nil
}
