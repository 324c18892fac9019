package cli

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
)

func (s *session) queryNumber() *cobra.Command {
	return &cobra.Command{
		Use:   "number NUMBER",
		Short: s.language.of(say("Show who has issued certificates with a number", "显示某证书编号由谁颁发")),
		Long: s.language.of(say(`Show which bodies have issued a certificate with this number, by the word of the
node. If none has, the exit code is 1; "hallmark prove NUMBER --claim absent" and
"hallmark verify" prove it: then a paper with the number is forged.`,
			`显示哪些机构颁发过该编号的证书（由节点陈述）。若均未颁发，退出码为 1；可用
hallmark prove NUMBER --claim absent 与 hallmark verify 证明：则载有该编号的证书系伪造。`)),
		Args: args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, given []string) error {
			node, err := s.connect()
			if err != nil {
				return err
			}
			i, err := node.Issuers(c.Context(), given[0])
			if err != nil {
				return err
			}
			if s.json {
				err = s.printJSON(i)
			} else if len(i.Issuers) == 0 {
				s.printf("%s", "%s", nobodyIssued(i.Number))
			} else {
				for _, issuer := range i.Issuers {
					s.printf("issued by %s", "由 %s 颁发", issuer)
				}
			}
			if err == nil && len(i.Issuers) == 0 {
				return &failure{exitRefused, text{}, errTold}
			}
			return err
		},
	}
}

// nobodyIssued says so of a number, as a node does: it may lie, or lag behind.
func nobodyIssued(number string) text {
	return sayf("By the word of the node, nobody has issued a certificate with the number %[1]s. To have it proven: hallmark prove %[1]s --claim absent", "据节点陈述，没有任何机构颁发过编号为 %[1]s 的证书。如需证明：hallmark prove %[1]s --claim absent", number)
}

// holderJSON is what is known of a holder, as JSON.
type holderJSON struct {
	Holder       string            `json:"holder"`
	Certificates []api.Certificate `json:"certificates"`
	Bars         []api.Bar         `json:"bars"`
}

func (s *session) queryHolder() *cobra.Command {
	return &cobra.Command{
		Use:   "holder CODE",
		Short: s.language.of(say("Show the certificates of a holder, and what bars it from others", "显示持有人的证书及其受限情况")),
		Args:  args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, given []string) error {
			node, err := s.connect()
			if err != nil {
				return err
			}
			h, err := readHolder(c.Context(), node, given[0])
			if err != nil {
				return err
			}
			if s.json {
				return s.printJSON(h)
			}
			t := s.language.of
			rows := make([]row, len(h.Certificates))
			for i, cert := range h.Certificates {
				rows[i] = row{cert.Number, cert.Issuer, cert.Scheme, t(cert.Effective.Text), cert.Expires}
			}
			s.table(row{t(say("NUMBER", "编号")), t(say("ISSUER", "发证机构")), t(say("SCHEME", "认证项目")), t(say("STATUS", "状态")), t(say("EXPIRES", "有效期至"))}, rows)
			for _, b := range h.Bars {
				s.printf("barred from %s, %s to %s, after %s of %s", "不得申请 %s，%s 至 %s，起因证书 %s（%s）", b.Scope, b.Since, b.Until, b.Certificate.Number, b.Certificate.Issuer)
			}
			return nil
		},
	}
}

func readHolder(ctx context.Context, c *client.Client, code string) (*holderJSON, error) {
	h := &holderJSON{Holder: code, Certificates: []api.Certificate{}, Bars: []api.Bar{}}
	err := every(ctx, func(ctx context.Context, page ...client.ReadOption) (string, error) {
		l, err := c.Held(ctx, code, page...)
		if err != nil {
			return "", err
		}
		h.Certificates = append(h.Certificates, l.Items...)
		return l.Next, nil
	})
	if err != nil {
		return nil, err
	}
	return h, every(ctx, func(ctx context.Context, page ...client.ReadOption) (string, error) {
		l, err := c.Bars(ctx, code, page...)
		if err != nil {
			return "", err
		}
		h.Bars = append(h.Bars, l.Items...)
		return l.Next, nil
	})
}

func (s *session) queryFeed() *cobra.Command {
	var f client.Feed
	c := &cobra.Command{
		Use:   "feed",
		Short: s.language.of(say("Follow what happens on the ledger", "持续跟踪账本上的事件")),
		Long: s.language.of(say(`Print events as they happen, until interrupted: from a height on (--since), or after
an event (--after), else from now on. With --json each line is one event. If a node
fails another is asked; each event is printed once.

  hallmark query feed --types certificate.suspended,certificate.revoked --since 1`,
			`持续输出事件直至中断：自某高度起（--since）、某事件之后（--after），或自当前起。使用 --json 时
每行一个事件。节点故障时改用其他节点；每个事件只输出一次。

  hallmark query feed --types certificate.suspended,certificate.revoked --since 1`)),
		Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			node, err := s.connect()
			if err != nil {
				return err
			}
			for e, err := range node.Watch(c.Context(), f) {
				if c.Context().Err() != nil {
					return nil // interrupted, as it ends
				}
				if err != nil {
					return err
				}
				if !s.json {
					s.event(fmt.Sprintf("%s  %s  ", e.ID, s.instant(e.Time)), e.Event)
					continue
				}
				line, err := json.Marshal(e)
				if err != nil {
					return fmt.Errorf("print: %w", err)
				}
				fmt.Fprintln(s.out, string(line))
			}
			return nil
		},
	}
	t := s.language.of
	c.Flags().Uint64Var(&f.Since, "since", 0, t(say("from this height on", "起始高度")))
	c.Flags().StringVar(&f.After, "after", "", t(say("after the event with this id", "起始事件标识（不含）")))
	c.Flags().StringSliceVar(&f.Types, "types", nil, t(say("only events of these types", "仅这些类型的事件")))
	c.Flags().StringVar(&f.Issuer, "issuer", "", t(say("only about certificates of this approval number", "仅涉及该批准号机构的证书")))
	c.Flags().StringVar(&f.Holder, "holder", "", t(say("only about certificates of this holder", "仅涉及该持有人的证书")))
	return c
}
