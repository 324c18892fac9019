package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client/message"
	"github.com/hallmark-ledger/hallmark/client/prepared"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

func (s *session) txCommand() *cobra.Command {
	return s.group("tx", say("Transactions: prepare, check, sign, submit, follow", "交易：生成、预检、签名、提交、跟踪"),
		s.txPrepare(), s.txCheck(), s.txSign("sign", say("Sign a prepared transaction", "签署待签交易")),
		s.txSign("cosign", say("Sign a prepared transaction that others have made or signed", "会签他人生成或已签的交易")),
		s.txMerge(), s.txSubmit(), s.txWait(), s.txShow())
}

func (s *session) txPrepare() *cobra.Command {
	c := &cobra.Command{
		Use:   "prepare FILE.json",
		Short: s.language.of(say("Make a transaction from messages in JSON", "由 JSON 消息生成交易")),
		Long: s.language.of(say(`Make a transaction from a JSON file ("-": standard input) with one message or a
list of them, each in the JSON form of the protobuf message
hallmark.tx.v1.Message. Dates may be written 2026-06-01, instants
2026-06-01T12:00:00+08:00, keys and hashes in hexadecimal, enumerations by the end
of their names. A message without actor acts for the member of the first key, one
without signers relies on all keys.

  [{"approve": {"proposal": "7"}}]

With --out it is written to a file for others to sign; otherwise it is submitted.`,
			`由 JSON 文件（“-”为标准输入）生成交易。文件含一条消息或消息列表，采用 protobuf 消息
hallmark.tx.v1.Message 的 JSON 形式。日期可写作 2026-06-01，时刻可写作
2026-06-01T12:00:00+08:00，公钥与摘要可写作十六进制，枚举可只写名称末段。
未写 actor 的消息由首个密钥所属成员行事；未写 signers 的消息引用全部密钥。

  [{"approve": {"proposal": "7"}}]

指定 --out 则写入文件供他人签名，否则直接提交。`)),
		Args: args(cobra.ExactArgs(1)),
	}
	f := s.txFlags(c)
	c.RunE = func(c *cobra.Command, given []string) error {
		raw, err := s.readFile(given[0], prepared.MaxSize)
		if err != nil {
			return err
		}
		messages, err := message.ParseMessages(raw)
		if err != nil {
			return usageOf(sayf("%s has no messages that can be read.", "%s 中的消息无法读取。", given[0]), err)
		}
		return s.transact(c.Context(), f, messages)
	}
	return c
}

// readPrepared reads a prepared transaction.
func (s *session) readPrepared(path string) (*tx.Draft, error) {
	raw, err := s.readFile(path, prepared.MaxSize)
	if err != nil {
		return nil, err
	}
	d, err := prepared.Decode(raw, s.chainID)
	switch {
	case errors.Is(err, prepared.ErrFormat):
		return nil, usageOf(sayf("%s is not a prepared transaction, or it was damaged or changed.", "%s 不是待签交易，或已损坏、被改动。", path), err)
	case errors.Is(err, prepared.ErrChain):
		return nil, usageOf(sayf("%s is for another chain.", "%s 属于另一条链。", path), err)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

func (s *session) txCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE.hmtx",
		Short: s.language.of(say("Ask a node what it would refuse of a transaction, signed or not", "请节点预检交易（无论是否已签）")),
		Args:  args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, given []string) error {
			d, err := s.readPrepared(given[0])
			if err != nil {
				return err
			}
			node, err := s.connectFor(c.Context(), d)
			if err != nil {
				return err
			}
			check, err := node.Check(c.Context(), d.Bytes())
			if err != nil {
				return err
			}
			if s.json {
				if err := s.printJSON(check); err != nil || check.OK {
					return err
				}
				return &failure{exitRefused, text{}, errTold}
			}
			if check.OK {
				s.printf("in order at height %d: all %d messages would be done", "高度 %d 预检通过：%d 条消息均可执行", check.Height, check.Messages)
				return nil
			}
			s.printf("at height %d, of %d messages would be refused:", "高度 %d 预检，%d 条消息中将被拒绝的有：", check.Height, check.Messages)
			s.refusals(check.Refusal, check.Refused)
			return &failure{exitRefused, text{}, errTold}
		},
	}
}

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

func (s *session) txMerge() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "merge FILE.hmtx FILE.hmtx... --out FILE.hmtx",
		Short: s.language.of(say("Put the signatures of copies of one transaction together", "合并同一交易各副本上的签名")),
		Args:  args(cobra.MinimumNArgs(2)),
		RunE: func(_ *cobra.Command, given []string) error {
			if out == "" {
				return usage(say("Say where to write it (--out).", "请指定写入位置（--out）。"))
			}
			drafts := make([]*tx.Draft, len(given))
			for i, path := range given {
				var err error
				if drafts[i], err = s.readPrepared(path); err != nil {
					return err
				}
			}
			merged, err := prepared.Merge(drafts...)
			if errors.Is(err, prepared.ErrOther) {
				return usage(say("The files are of different transactions.", "这些文件不是同一笔交易。"))
			}
			if err != nil {
				return err
			}
			return s.writePrepared(out, merged)
		},
	}
	c.Flags().StringVar(&out, "out", "", s.language.of(say("file to write", "写入的文件")))
	return c
}
