package cli

import (
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/client/message"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

// parseRoles reads names of roles; they are put in the order that the ledger
// wants.
func parseRoles(names []string) (roles []memberv1.Role, err error) {
	for _, name := range names {
		role := memberv1.Role(0)
		for values, i := role.Descriptor().Values(), 1; i < values.Len(); i++ {
			if message.EnumName(values.Get(i)) == name {
				role = memberv1.Role(values.Get(i).Number())
			}
		}
		if role == 0 {
			return nil, usage(sayf("There is no role %q; see --help.", "没有角色 %q，请看 --help。", name))
		}
		roles = append(roles, role)
	}
	slices.Sort(roles)
	return slices.Compact(roles), nil
}

// voteCommand is a command about one proposal, signed by an approver.
func (s *session) voteCommand(use string, short text, vote func(uint64) *txv1.Message) *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:   use + " NUMBER",
		Short: s.language.of(short),
		Long: s.language.of(sayf(`%s. The proposal is shown, and you are asked, unless --yes. An approver of a regulator
signs (--sign-with).`, `%s。除非指定 --yes，将先显示提案并询问确认。由监管机构的批准密钥签名（--sign-with）。`, short)),
		Args: args(cobra.ExactArgs(1)),
	}
	f := s.txFlags(c)
	c.Flags().BoolVar(&yes, "yes", false, s.language.of(say("do not ask", "不再询问确认")))
	c.RunE = func(c *cobra.Command, given []string) error {
		n, err := parseNumber(given[0])
		if err != nil {
			return err
		}
		if !yes {
			node, err := s.connect()
			if err != nil {
				return err
			}
			p, err := node.Proposal(c.Context(), n)
			if err != nil {
				return err
			}
			if !s.json {
				s.proposal(p)
			}
			if err := s.confirm(sayf("%s %d?", "%s %d？", short, n)); err != nil {
				return err
			}
		}
		return s.transact(c.Context(), f, []*txv1.Message{vote(n)})
	}
	return c
}

func (s *session) govList() *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use:   "list",
		Short: s.language.of(say("List the open proposals, or all", "列出待决提案，或全部提案")),
		Args:  args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			node, err := s.connect()
			if err != nil {
				return err
			}
			list := []api.Proposal{}
			for from := uint64(1); from > 0; {
				page := []client.ReadOption{client.From(from), client.Limit(pageSize)}
				if !all {
					page = append(page, client.Open())
				}
				l, err := node.Proposals(c.Context(), page...)
				if err != nil {
					return err
				}
				list = append(list, l.Items...)
				from = l.Next
			}
			if s.json {
				return s.printJSON(list)
			}
			t := s.language.of
			rows := make([]row, len(list))
			for i, p := range list {
				rows[i] = row{strconv.FormatUint(p.Number, 10), t(proposalStatus(p.Status)), s.votes(&p), s.proposer(&p), s.instant(p.Expires), p.Title}
			}
			s.table(row{t(say("NO", "编号")), t(say("STATUS", "状态")), t(say("VOTES", "表决")), t(say("BY", "提案者")), t(say("EXPIRES", "截止")), t(say("TITLE", "主旨"))}, rows)
			return nil
		},
	}
	c.Flags().BoolVar(&all, "all", false, s.language.of(say("closed ones too", "包括已了结的")))
	return c
}

// govShow shows a proposal; it is also a command of query.
func (s *session) govShow(use string) *cobra.Command {
	return &cobra.Command{
		Use:   use + " NUMBER",
		Short: s.language.of(say("Show a proposal with its votes", "显示提案及表决情况")),
		Args:  args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, given []string) error {
			n, err := parseNumber(given[0])
			if err != nil {
				return err
			}
			node, err := s.connect()
			if err != nil {
				return err
			}
			p, err := node.Proposal(c.Context(), n)
			if err != nil {
				return err
			}
			if s.json {
				return s.printJSON(p)
			}
			s.proposal(p)
			return nil
		},
	}
}

var proposalStatuses = map[string]text{
	"open": say("open", "待决"), "executed": say("executed", "已执行"), "failed": say("approved, and impossible to execute", "已通过但无法执行"),
	"rejected": say("rejected", "已否决"), "withdrawn": say("withdrawn", "已撤回"), "expired": say("expired", "已过期"),
}

func proposalStatus(name string) text {
	if t, ok := proposalStatuses[name]; ok {
		return t
	}
	return say(name, name)
}

// votes says how a proposal stands in few words.
func (s *session) votes(p *api.Proposal) string {
	return s.language.of(sayf("%d for, %d against, %d needed of %d", "赞成 %d，反对 %d，需 %d/%d", p.Approvals, p.Rejections, p.Needed, p.Regulators))
}

// proposer says who made a proposal.
func (s *session) proposer(p *api.Proposal) string {
	if p.Proposer == "" {
		return s.language.of(say("a proven fact", "查实的事实"))
	}
	return p.Proposer
}

// proposal prints a proposal and what it would do.
func (s *session) proposal(p *api.Proposal) {
	list := []pair{
		{say("proposal", "提案"), strconv.FormatUint(p.Number, 10)}, {say("title", "主旨"), p.Title}, {say("by", "提案者"), s.proposer(p)},
		{say("status", "状态"), s.language.of(proposalStatus(p.Status))}, {say("votes", "表决"), s.votes(p)},
		{say("filed", "提出"), s.instant(p.Time)}, {say("expires", "截止"), s.instant(p.Expires)}, {say("document (SM3)", "文件摘要（SM3）"), p.Document},
	}
	if p.ClosedHeight > 0 {
		list = append(list, pair{say("closed in block", "了结区块"), strconv.FormatUint(p.ClosedHeight, 10)})
	}
	s.facts(list...)
	if p.Failure != nil {
		s.printf("  action %d could not be executed: %s (%s %d)", "  第 %d 项无法执行：%s（%s %d）", p.Failure.Action, p.Failure.Text, p.Failure.Name, p.Failure.Code)
		s.printf("    %s", "    %s", p.Failure.Detail)
	}
	for i, raw := range p.Actions {
		a := new(governancev1.Action)
		if err := message.Unmarshal(raw, a); err != nil {
			s.printf("  %d. %s", "  %d. %s", i+1, string(raw)) // of a later version
			continue
		}
		d := message.Describe(a)
		s.printf("  %d. %s", "  %d. %s", i+1, d.Action)
		s.fields(d.Fields, "       ")
	}
	for _, v := range p.Votes {
		mark := say("for", "赞成")
		if !v.Approve {
			mark = say("against", "反对")
		}
		s.printf("  %s  %s  block %d", "  %s  %s  区块 %d", mark, v.Regulator, v.Height)
	}
}
