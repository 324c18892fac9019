package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client"
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
		if r, ok := client.RefusalOf(err); ok { // which file of a folder it is
			return nil, &failure{exitRefused, text{En: path + ": " + r.Text.En, Zh: path + "：" + r.Text.Zh}, err}
		}
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
			s.printf("at height %d these of %d messages would be refused:", "高度 %d 预检，%d 条消息中将被拒绝的有：", check.Height, check.Messages)
			s.refusals(check.Refusal, check.Refused)
			return &failure{exitRefused, text{}, errTold}
		},
	}
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
