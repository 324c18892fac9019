package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

func (s *session) cardDraft() *cobra.Command {
	var notAfter, out string
	c := &cobra.Command{
		Use:   "draft --out FILE.hmcard",
		Short: s.language.of(say("Make a card of the present seal set, for regulators to sign", "生成当前签章集合的信任卡，供监管机构签署")),
		Long: s.language.of(say(`Ask a node for a trust card of the present seal set. It is not signed and proves
nothing yet: use a node of your own.

  hallmark card draft --not-after 2026-12-31 --out 2026.hmcard
  hallmark card sign 2026.hmcard --sign-with approver     each regulator`,
			`向节点索取当前签章集合的信任卡。此时尚未签名，不能证明任何事项：请使用自己的节点。

  hallmark card draft --not-after 2026-12-31 --out 2026.hmcard
  hallmark card sign 2026.hmcard --sign-with approver     各监管机构分别执行`)),
		Args: args(cobra.NoArgs),
	}
	t := s.language.of
	c.Flags().StringVar(&notAfter, "not-after", "", t(say("last day on which the card may be used; by default in 180 days", "信任卡的最后使用日，默认为 180 天后")))
	c.Flags().StringVar(&out, "out", "", t(say("write the card to this file", "写入该文件")))
	c.RunE = func(c *cobra.Command, _ []string) error {
		if out == "" {
			return usage(say("Say where to write the card (--out FILE.hmcard).", "请指定输出文件（--out FILE.hmcard）。"))
		}
		var opts []client.ReadOption
		if notAfter != "" {
			if _, err := civil.Parse(notAfter); err != nil {
				return usageOf(sayf("%q is not a date, as 2026-12-31.", "%q 不是日期，应如 2026-12-31。", notAfter), err)
			}
			opts = append(opts, client.NotAfter(notAfter))
		}
		node, err := s.connect()
		if err != nil {
			return err
		}
		raw, err := node.DraftCard(c.Context(), opts...)
		if err != nil {
			return err
		}
		card, err := light.ParseCard(raw)
		if err != nil {
			return &failure{exitUnknown, say("The node's answer is no trust card.", "节点的应答不是信任卡。"), err}
		}
		if s.chainID != "" && card.ChainID != s.chainID {
			return fmt.Errorf("%w: the card is of %q", client.ErrChain, card.ChainID)
		}
		if err := writeNew(out, raw, 0o644); err != nil {
			return err
		}
		if s.json {
			return s.printJSON(card)
		}
		s.card(card)
		return nil
	}
	return c
}

func (s *session) cardSign() *cobra.Command {
	f := new(signFlags)
	c := &cobra.Command{
		Use:   "sign FILE.hmcard --sign-with NAME",
		Short: s.language.of(say("Sign a card with a regulator's approver key", "以监管机构的审批密钥签署信任卡")),
		Long: s.language.of(say(`Show what a card says, ask, and add a signature to the file. No node is needed.
Compare chain, genesis and seal set with your own node first: whoever holds the card
believes what this set seals.`,
			`显示信任卡内容，确认后将签名加入文件。无需连接节点。签署前请先与自身节点核对链、创世状态根和
签章集合：持卡人将相信该集合签章的一切。`)),
		Args: args(cobra.ExactArgs(1)),
	}
	t := s.language.of
	c.Flags().StringSliceVar(&f.signWith, "sign-with", nil, t(say("keys to sign with, by name", "用于签名的密钥名称")))
	c.Flags().StringVar(&f.out, "out", "", t(say("write the signed card to another file", "将签名后的信任卡写入另一文件")))
	c.Flags().BoolVar(&f.yes, "yes", false, t(say("do not ask", "不再询问确认")))
	c.RunE = func(c *cobra.Command, given []string) error {
		card, err := s.parseCard(given[0])
		if err != nil {
			return err
		}
		notes, err := s.cardKeys(card, f.signWith)
		if err != nil {
			return err
		}
		if !s.json {
			s.card(card)
		}
		if !f.yes {
			if err := s.confirm(sayf("Sign this card with %s?", "用 %s 签署该信任卡？", labels(notes))); err != nil {
				return err
			}
		}
		for _, n := range notes {
			key, err := s.open(n)
			if err != nil {
				return err
			}
			if err := card.Sign(c.Context(), n.Member, key); err != nil {
				return fmt.Errorf("%s: %w", n.label(), err)
			}
		}
		if f.out != "" {
			err = writeNew(f.out, card.Bytes(), 0o644)
		} else {
			err = replaceFile(given[0], card.Bytes(), 0o644)
		}
		if err != nil {
			return err
		}
		if s.json {
			return s.printJSON(card)
		}
		s.printf("signed; the fingerprint is that of before", "已签名，指纹不变")
		return nil
	}
	return c
}

// cardKeys returns the keys to sign a card with: approvers', of the card's chain.
func (s *session) cardKeys(card *light.Card, names []string) (notes []*keyNote, err error) {
	if len(names) == 0 {
		return nil, usage(say("Say with which key to sign (--sign-with).", "请指定用于签名的密钥（--sign-with）。"))
	}
	for _, name := range names {
		n, err := s.lookUp(name)
		if err != nil {
			return nil, err
		}
		if n.Duty != "approver" || n.Member == "" {
			return nil, usage(sayf("A card is signed with a regulator's approver key; %s is of the duty %s.", "信任卡须用监管机构的审批密钥（approver）签署；%s 的用途为 %s。", n.label(), strings.TrimSpace(n.Duty+" ")))
		}
		if n.Chain != "" && n.Chain != card.ChainID {
			return nil, usage(sayf("The key %s is of the chain %s, the card of %s.", "密钥 %s 属于链 %s，信任卡属于链 %s。", n.label(), n.Chain, card.ChainID))
		}
		notes = append(notes, n)
	}
	return notes, nil
}
