package cli

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client/prepared"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// signFlags are those of tx sign and tx cosign.
type signFlags struct {
	signWith []string
	out      string
	yes      bool
}

func (s *session) txSign(use string, short text) *cobra.Command {
	c := &cobra.Command{
		Use:   use + " FILE.hmtx",
		Short: s.language.of(short),
		Long: s.language.of(say(`Show what a prepared transaction says, as recomputed from the bytes that are
signed, ask, and add signatures to the file. No node is needed. Without
--sign-with it signs with those keys of the folder that the transaction names.`,
			`显示待签交易的内容（由实际签名的字节重新算出），确认后将签名加入文件。无需连接节点。
未指定 --sign-with 时，使用文件夹中交易所列的密钥签名。`)),
		Args: args(cobra.ExactArgs(1)),
	}
	f := new(signFlags)
	t := s.language.of
	c.Flags().StringSliceVar(&f.signWith, "sign-with", nil, t(say("keys to sign with, by name", "用于签名的密钥名称")))
	c.Flags().StringVar(&f.out, "out", "", t(say("write the signed transaction to another file", "将签名后的交易写入另一文件")))
	c.Flags().BoolVar(&f.yes, "yes", false, t(say("do not ask", "不再询问确认")))
	c.RunE = func(c *cobra.Command, given []string) error { return s.sign(c.Context(), given[0], f) }
	return c
}

// sign adds signatures to the file at path.
func (s *session) sign(ctx context.Context, path string, f *signFlags) error {
	d, err := s.readPrepared(path)
	if err != nil {
		return err
	}
	if expiry := time.Unix(d.Body().GetExpiry(), 0); time.Now().After(expiry) {
		return &failure{exitRefused, sayf("It has expired, on %s. Make another.", "交易已于 %s 过期，请重新生成。", expiry.Local().Format(time.RFC3339)), nil}
	}
	notes, err := s.signersOf(d, f.signWith)
	if err != nil {
		return err
	}
	if !s.json {
		s.summary(prepared.Summarize(d))
	}
	if !f.yes {
		if err := s.confirm(sayf("Sign this with %s?", "用 %s 签署以上内容？", labels(notes))); err != nil {
			return err
		}
	}
	for _, n := range notes {
		key, err := s.open(n)
		if err != nil {
			return err
		}
		if err := d.Sign(ctx, key); err != nil {
			return fmt.Errorf("%s: %w", n.label(), err)
		}
	}
	return s.writeSigned(path, f.out, d)
}

func labels(notes []*keyNote) string {
	names := make([]string, len(notes))
	for i, n := range notes {
		names[i] = n.label()
	}
	return strings.Join(names, ", ")
}

// signersOf returns the keys to sign with: those named, or those of the folder
// that must sign and have not.
func (s *session) signersOf(d *tx.Draft, names []string) (notes []*keyNote, err error) {
	for _, name := range names {
		n, err := s.lookUp(name)
		if err != nil {
			return nil, err
		}
		named := slices.ContainsFunc(d.Body().GetSigners(), func(g *signer) bool { return hex.EncodeToString(g.Key) == n.Key })
		if !named {
			return nil, usage(sayf("The transaction does not name the key %s, so its signature would be of no use. Whoever prepared it can name it (--cosigner).",
				"交易未列出密钥 %s，其签名无效。可由生成者列出（--cosigner）。", n.label()))
		}
		notes = append(notes, n)
	}
	if len(names) > 0 {
		return notes, nil
	}
	all, err := s.keyNotes()
	if err != nil {
		return nil, err
	}
	for _, m := range d.Missing() {
		for _, n := range all {
			if n.Secret && n.Key == hex.EncodeToString(m.Key[:]) {
				notes = append(notes, n)
			}
		}
	}
	if len(notes) == 0 {
		return nil, usage(sayf("No key of %s is still to sign this.", "%s 中没有尚待签署该交易的密钥。", s.keys))
	}
	return notes, nil
}

// writeSigned replaces the file at path, or writes another one.
func (s *session) writeSigned(path, out string, d *tx.Draft) error {
	if out != "" {
		return s.writePrepared(out, d)
	}
	raw, err := prepared.Encode(d)
	if err != nil {
		return err
	}
	if path == "-" {
		_, err := s.out.Write(raw)
		return err
	}
	if err := replaceFile(path, raw, 0o644); err != nil {
		return err
	}
	if s.json {
		return s.printJSON(prepared.Summarize(d))
	}
	if missing := d.Missing(); len(missing) > 0 {
		s.printf("signed; still to sign: %s", "已签署；尚待签署：%s", membersOf(missing))
		return nil
	}
	s.printf("signed by all. Next: hallmark tx submit %s", "签名齐全。下一步：hallmark tx submit %s", path)
	return nil
}
