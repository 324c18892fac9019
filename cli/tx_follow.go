package cli

import (
	"context"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/client/prepared"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

type signer = txv1.Signer

// connectFor returns the client, which must be of the chain of a transaction.
func (s *session) connectFor(ctx context.Context, d *tx.Draft) (*client.Client, error) {
	c, err := s.connect()
	if err != nil {
		return nil, err
	}
	status, err := c.Status(ctx)
	if err != nil {
		return nil, err
	}
	if chain := d.Body().GetChainId(); chain != status.ChainID {
		return nil, usage(sayf("The transaction is for the chain %q, the node is of %q.", "交易属于链 %q，节点属于链 %q。", chain, status.ChainID))
	}
	return c, nil
}

func (s *session) txSubmit() *cobra.Command {
	f := new(waitFlags)
	c := &cobra.Command{
		Use:   "submit FILE.hmtx",
		Short: s.language.of(say("Submit a transaction that is signed by all", "提交签名齐全的交易")),
		Long: s.language.of(say(`Submit a prepared transaction that all have signed, and wait until it is certain
what became of it. To submit it again does no harm: it is done once.`,
			`提交签名齐全的交易，并等待至结果确定。重复提交不会造成重复执行。`)),
		Args: args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, given []string) error {
			d, err := s.readPrepared(given[0])
			if err != nil {
				return err
			}
			if _, err := s.connectFor(c.Context(), d); err != nil {
				return err
			}
			return s.submit(c.Context(), d, *f)
		},
	}
	s.waitFlags(c, f)
	return c
}

var txIDs = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (s *session) txWait() *cobra.Command {
	f := new(waitFlags)
	var expiry string
	c := &cobra.Command{
		Use:   "wait FILE.hmtx|ID",
		Short: s.language.of(say("Wait until it is certain what became of a transaction", "等待至交易结果确定")),
		Long: s.language.of(say(`Wait until a transaction is in a block, or has expired and never will be. Of an id
alone the expiry is not known; give it with --expiry, or only a transaction in a
block ends the waiting.`,
			`等待至交易上链，或已过期而不会再上链。仅给出标识时不知其有效期，可用 --expiry 指明，
否则只有上链才结束等待。`)),
		Args: args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, given []string) error {
			node, err := s.connect()
			if err != nil {
				return err
			}
			id, until := given[0], time.Unix(1<<40, 0)
			if !txIDs.MatchString(id) {
				d, err := s.readPrepared(id)
				if err != nil {
					return err
				}
				if id, err = client.IDOf(d.Bytes()); err != nil {
					return err
				}
				until = time.Unix(d.Body().GetExpiry(), 0)
			} else if expiry != "" {
				if until, err = parseInstant(expiry); err != nil {
					return err
				}
			}
			ctx, cancel := context.WithTimeout(c.Context(), f.timeout)
			defer cancel()
			o, err := node.Wait(ctx, id, until)
			if err != nil {
				return err
			}
			return s.became(ctx, node, o, *f)
		},
	}
	t := s.language.of
	s.sealedFlags(c, f)
	c.Flags().StringVar(&expiry, "expiry", "", t(say("expiry of the transaction with this id, as 2026-06-01T12:00:00+08:00", "该标识的交易的有效期，如 2026-06-01T12:00:00+08:00")))
	return c
}

func (s *session) txShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show FILE.hmtx|ID",
		Short: s.language.of(say("Show a prepared transaction, or what the ledger knows of one", "显示待签交易，或账本所知的交易")),
		Args:  args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, given []string) error {
			if !txIDs.MatchString(given[0]) {
				d, err := s.readPrepared(given[0])
				if err != nil {
					return err
				}
				summary := prepared.Summarize(d)
				if s.json {
					return s.printJSON(summary)
				}
				s.summary(summary)
				return nil
			}
			node, err := s.connect()
			if err != nil {
				return err
			}
			t, err := node.Transaction(c.Context(), given[0], client.Events(), client.Body())
			if err != nil {
				return err
			}
			return s.showTransaction(t)
		},
	}
}

// showTransaction prints what a node knows of a transaction.
func (s *session) showTransaction(t *api.Transaction) error {
	if s.json {
		if err := s.printJSON(t); err != nil || t.State != "unknown" {
			return err
		}
		return &failure{exitUnknown, text{}, errTold}
	}
	switch t.State {
	case "committed":
		s.printf("transaction %s", "交易 %s", t.ID)
		s.printf("  block    %d, place %d", "  区块      %d，第 %d 笔", t.Height, t.Index)
		if t.Time != nil {
			s.printf("  time     %s", "  时间      %s", s.instant(*t.Time))
		}
		s.printf("  messages %d, refused %d", "  消息      %d，被拒绝 %d", t.Messages, len(t.Refused))
		s.refusals(t.Refusal, t.Refused)
		for _, e := range t.Events {
			s.event("  ", e)
		}
	case "pending":
		s.printf("transaction %s waits to be put into a block", "交易 %s 正等待上链", t.ID)
	default:
		s.printf("The node does not have transaction %s.", "节点没有交易 %s。", t.ID)
		return &failure{exitUnknown, text{}, errTold}
	}
	return nil
}
