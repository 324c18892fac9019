package cli

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
)

func (s *session) queryCommand() *cobra.Command {
	return s.group("query", say("Read the ledger", "查询账本"),
		s.queryStatus(), s.queryBlock(), s.govShow("proposal"), s.queryParameters(), s.queryValidators(), s.queryConflicts(),
		s.queryNumber(), s.queryHolder(), s.queryKey(), s.queryNonce(), s.queryProof(), s.queryFeed())
}

// nodeJSON is how a node stands, as JSON.
type nodeJSON struct {
	Node   string      `json:"node"`
	Status *api.Status `json:"status,omitempty"`
	Error  string      `json:"error,omitempty"`
}

func (s *session) queryStatus() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: s.language.of(say("Show how each node stands", "显示各节点状态")),
		Args:  args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			node, err := s.connect()
			if err != nil {
				return err
			}
			list := node.Statuses(c.Context())
			answered := false
			out := make([]nodeJSON, len(list))
			for i, n := range list {
				out[i] = nodeJSON{Node: n.Node, Status: n.Status}
				if n.Err != nil {
					out[i].Error = n.Err.Error()
				}
				answered = answered || n.Err == nil
			}
			if s.json {
				if err := s.printJSON(out); err != nil {
					return err
				}
			} else {
				for _, n := range out {
					s.nodeStatus(n)
				}
			}
			if !answered {
				return &failure{exitUnknown, text{}, errTold}
			}
			return nil
		},
	}
}

func (s *session) nodeStatus(n nodeJSON) {
	if n.Status == nil {
		s.printf("%s: %s", "%s：%s", n.Node, n.Error)
		return
	}
	st := n.Status
	state := say("up to date", "已同步")
	if st.CatchingUp {
		state = say("catching up", "同步中")
	}
	s.facts(
		pair{say("node", "节点"), n.Node + " " + st.Moniker}, pair{say("chain", "链"), st.ChainID},
		pair{say("height", "高度"), strconv.FormatUint(st.Height, 10)}, pair{say("block time", "区块时间"), s.instant(st.Time)},
		pair{say("state", "状态"), s.language.of(state)}, pair{say("state root", "状态根"), st.StateRoot},
		pair{say("earliest height", "最早可查高度"), strconv.FormatUint(st.Earliest, 10)}, pair{say("validator", "验证者"), st.Validator},
		pair{say("peers", "对等节点"), strconv.Itoa(st.Peers)}, pair{say("transactions that wait", "待上链交易"), strconv.Itoa(st.Mempool)},
		pair{say("version", "版本"), st.Version},
	)
}

func (s *session) queryBlock() *cobra.Command {
	return &cobra.Command{
		Use:   "block [HEIGHT]",
		Short: s.language.of(say("Show a block, the newest by default", "显示区块，默认为最新")),
		Args:  args(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, given []string) error {
			var height uint64
			if len(given) > 0 {
				var err error
				if height, err = parseNumber(given[0]); err != nil {
					return err
				}
			}
			node, err := s.connect()
			if err != nil {
				return err
			}
			b, err := node.Block(c.Context(), height)
			if err != nil {
				return err
			}
			if s.json {
				return s.printJSON(b)
			}
			s.facts(
				pair{say("height", "高度"), strconv.FormatUint(b.Height, 10)}, pair{say("time", "时间"), s.instant(b.Time)},
				pair{say("hash", "区块哈希"), b.Hash}, pair{say("proposer", "出块者"), b.Proposer},
				pair{say("state root before", "此前状态根"), b.AppHash}, pair{say("transactions", "交易数"), strconv.Itoa(len(b.Transactions))},
			)
			for _, id := range b.Transactions {
				s.printf("  %s", "  %s", id)
			}
			for _, e := range b.Events {
				s.event("  ", e)
			}
			return nil
		},
	}
}

// simple is a command that reads one thing by its arguments and prints it.
func simple[T any](s *session, use string, short text, check cobra.PositionalArgs, read func(context.Context, *client.Client, []string) (*T, error), print func(*T) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: s.language.of(short), Args: args(check),
		RunE: func(c *cobra.Command, given []string) error {
			node, err := s.connect()
			if err != nil {
				return err
			}
			v, err := read(c.Context(), node, given)
			if err != nil {
				return err
			}
			if s.json {
				return s.printJSON(v)
			}
			return print(v)
		},
	}
}

func (s *session) queryParameters() *cobra.Command {
	return simple(s, "parameters", say("Show the parameters of the ledger", "显示账本参数"), cobra.NoArgs,
		func(ctx context.Context, c *client.Client, _ []string) (*api.Parameters, error) {
			return c.Parameters(ctx)
		},
		func(p *api.Parameters) error {
			list := make([]pair, 0, len(p.Values))
			for _, name := range sorted(p.Values) {
				list = append(list, pair{say(name, name), strconv.FormatUint(p.Values[name], 10)})
			}
			s.facts(list...)
			for _, t := range p.Thresholds {
				s.printf("%s needs %d/%d of the regulators", "%s 须监管机构的 %d/%d 赞成", t.Kind, t.Numerator, t.Denominator)
			}
			return nil
		})
}

func (s *session) queryValidators() *cobra.Command {
	return simple(s, "validators", say("Show the validators", "显示验证者"), cobra.NoArgs,
		func(ctx context.Context, c *client.Client, _ []string) (*api.ValidatorSets, error) {
			return c.Validators(ctx)
		},
		func(v *api.ValidatorSets) error {
			t := s.language.of
			for _, set := range v.Items {
				s.printf("from height %d:", "自高度 %d 起：", set.Begin)
				rows := make([]row, len(set.Validators))
				for i, val := range set.Validators {
					rows[i] = row{val.Name, val.Member, strconv.FormatUint(val.Power, 10), val.Address, val.SealKey}
				}
				s.table(row{t(say("NAME", "名称")), t(say("MEMBER", "成员")), t(say("POWER", "投票权")), t(say("ADDRESS", "地址")), t(say("SEAL KEY", "签章公钥"))}, rows)
			}
			return nil
		})
}

func (s *session) queryNonce() *cobra.Command {
	return simple(s, "nonce KEY", say("Show which nonces a key can use", "显示密钥可用的防重放序号"), cobra.ExactArgs(1),
		func(ctx context.Context, c *client.Client, given []string) (*api.Nonce, error) {
			n, err := s.lookUp(given[0])
			if err != nil {
				return nil, err
			}
			return c.Nonce(ctx, n.Key)
		},
		func(n *api.Nonce) error {
			s.printf("the highest used is %d; %d to %d can be used, and what is unused of the %d below it",
				"已用最大序号为 %d；可用 %d 至 %d，以及其下 %d 个中未用者", n.Highest, n.Highest+1, n.Highest+n.Span, n.Span)
			return nil
		})
}

func (s *session) queryKey() *cobra.Command {
	return simple(s, "key KEY", say("Show what the ledger knows of a key", "显示账本所知的密钥信息"), cobra.ExactArgs(1),
		func(ctx context.Context, c *client.Client, given []string) (*api.Key, error) {
			n, err := s.lookUp(given[0])
			if err != nil {
				return nil, err
			}
			return c.Key(ctx, n.Key)
		},
		func(k *api.Key) error {
			s.facts(
				pair{say("key", "公钥"), k.Key}, pair{say("member", "成员"), k.Member}, pair{say("duty", "职责"), k.Duty},
				pair{say("holder", "持有人"), k.Holder}, pair{say("state", "状态"), s.usable(*k)},
				pair{say("usable from", "生效时刻"), s.instantOf(k.UsableFrom)}, pair{say("replaces", "替换"), k.Replaces},
				pair{say("ended", "终止时刻"), s.instantOf(k.EndAt)}, pair{say("ended because", "终止原因"), k.EndReason},
				pair{say("in other hands since", "失密起始"), s.instantOf(k.CompromisedSince)},
			)
			return nil
		})
}

func (s *session) queryProof() *cobra.Command {
	return simple(s, "proof STATEKEY", say("Show the proof of a key of the state, in hexadecimal, or of its absence", "显示状态键（十六进制）的存在或不存在证明"), cobra.ExactArgs(1),
		func(ctx context.Context, c *client.Client, given []string) (*api.StateProof, error) {
			return c.Proof(ctx, strings.ToLower(given[0]))
		},
		func(p *api.StateProof) error {
			exists := say("present", "存在")
			if !p.Exists {
				exists = say("absent", "不存在")
			}
			s.facts(
				pair{say("height", "高度"), strconv.FormatUint(p.Height, 10)}, pair{say("state root", "状态根"), p.Root},
				pair{say("key", "键"), p.Key}, pair{say("it is", "结论"), s.language.of(exists)}, pair{say("value", "值"), p.Value}, pair{say("proof", "证明"), p.Proof},
			)
			return nil
		})
}
