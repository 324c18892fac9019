package cli

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
)

func (s *session) memberCommand() *cobra.Command {
	return s.group("member", say("Members, their keys, what they are approved and accredited for", "成员及其密钥、批准与认可"),
		s.memberList(), s.memberShow(), s.memberKeys(), s.memberGrants(),
		s.memberAddKeys(), s.memberCancelKey(), s.memberReportCompromise(),
		s.memberAccredit(),
		s.grantCommand("suspend-accreditation", say("Suspend an accreditation from today", "自今日起暂停认可"), suspendAccreditation),
		s.grantCommand("reinstate-accreditation", say("End the suspension of an accreditation", "恢复被暂停的认可"), reinstateAccreditation),
		s.grantCommand("withdraw-accreditation", say("End an accreditation from today", "自今日起撤销认可"), withdrawAccreditation),
		s.bodyCommand("stop", say("Stop a body: it may wind down, not issue", "责令机构停止业务：可收尾，不得发证"), stopBody),
		s.bodyCommand("resume", say("Let a stopped body resume", "恢复被停止的机构"), resumeBody))
}

// pageSize is how many entries are asked for at a time.
const pageSize = 200

// every reads all pages: next is called with the options of the page until it
// returns no more.
func every(ctx context.Context, next func(ctx context.Context, page ...client.ReadOption) (cursor string, err error)) error {
	page := []client.ReadOption{client.Limit(pageSize)}
	for {
		cursor, err := next(ctx, page...)
		if err != nil || cursor == "" {
			return err
		}
		page = []client.ReadOption{client.Limit(pageSize), client.Cursor(cursor)}
	}
}

func (s *session) memberList() *cobra.Command {
	var role string
	c := &cobra.Command{
		Use:   "list",
		Short: s.language.of(say("List the members", "列出成员")),
		Args:  args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			node, err := s.connect()
			if err != nil {
				return err
			}
			members := []api.Member{}
			err = every(c.Context(), func(ctx context.Context, page ...client.ReadOption) (string, error) {
				if role != "" {
					page = append(page, client.Role(role))
				}
				l, err := node.Members(ctx, page...)
				if err != nil {
					return "", err
				}
				members = append(members, l.Items...)
				return l.Next, nil
			})
			if err != nil {
				return err
			}
			if s.json {
				return s.printJSON(members)
			}
			t := s.language.of
			rows := make([]row, len(members))
			for i, m := range members {
				rows[i] = row{m.ID, t(standing(m)), strings.Join(m.Roles, " "), m.ApprovalNumber, s.name(m.NameEn, m.NameZh)}
			}
			s.table(row{t(say("ID", "标识")), t(say("STATUS", "状态")), t(say("ROLES", "角色")), t(say("APPROVAL", "批准号")), t(say("NAME", "名称"))}, rows)
			return nil
		},
	}
	c.Flags().StringVar(&role, "role", "", s.language.of(say("only members with a role, as certification_body", "仅列出某角色的成员，如 certification_body")))
	return c
}

// name returns a name in the language of the session, if there is one.
func (s *session) name(en, zh string) string {
	if s.language == chinese && zh != "" || en == "" {
		return zh
	}
	return en
}

// standing is the status of a member in words.
func standing(m api.Member) text {
	switch {
	case m.Stopped:
		return say("stopped", "已停止")
	case m.Status == "active":
		return say("active", "正常")
	case m.Status == "suspended":
		return say("suspended", "暂停")
	case m.Status == "removed":
		return say("removed", "除名")
	}
	return say(m.Status, m.Status)
}

func (s *session) memberShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: s.language.of(say("Show a member", "显示成员")),
		Args:  args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, given []string) error {
			node, err := s.connect()
			if err != nil {
				return err
			}
			m, err := node.Member(c.Context(), given[0])
			if err != nil {
				return err
			}
			if s.json {
				return s.printJSON(m)
			}
			list := []pair{
				{say("id", "标识"), m.ID}, {say("name", "名称"), s.name(m.NameEn, m.NameZh)}, {say("status", "状态"), s.language.of(standing(*m))},
				{say("roles", "角色"), strings.Join(m.Roles, " ")}, {say("social credit code", "统一社会信用代码"), m.USCC},
				{say("approval number", "批准号"), m.ApprovalNumber}, {say("marks", "认可标志"), strings.Join(m.Marks, " ")},
				{say("region", "行政区划"), m.Region}, {say("caretaker", "代管机构"), m.Caretaker},
				{say("version", "版本"), strconv.FormatUint(m.Version, 10)}, {say("last change", "最近变更"), m.Change + " " + m.Reason},
			}
			if m.Foreign != nil {
				list = append(list, pair{say("registered abroad", "境外登记"), m.Foreign.Country + ", " + m.Foreign.Authority + ", " + m.Foreign.Number})
			}
			if m.Act.Height > 0 {
				list = append(list, pair{say("in block", "区块"), strconv.FormatUint(m.Act.Height, 10)})
			}
			s.facts(list...)
			return nil
		},
	}
}

func (s *session) memberKeys() *cobra.Command {
	return &cobra.Command{
		Use:   "keys ID",
		Short: s.language.of(say("List the keys that a member has and had", "列出成员现有及曾有的密钥")),
		Args:  args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, given []string) error {
			node, err := s.connect()
			if err != nil {
				return err
			}
			keys := []api.Key{}
			err = every(c.Context(), func(ctx context.Context, page ...client.ReadOption) (string, error) {
				l, err := node.MemberKeys(ctx, given[0], page...)
				if err != nil {
					return "", err
				}
				keys = append(keys, l.Items...)
				return l.Next, nil
			})
			if err != nil {
				return err
			}
			if s.json {
				return s.printJSON(keys)
			}
			t := s.language.of
			rows := make([]row, len(keys))
			for i, k := range keys {
				rows[i] = row{k.Duty, k.Holder, s.usable(k), k.Key}
			}
			s.table(row{t(say("DUTY", "职责")), t(say("HOLDER", "持有人")), t(say("STATE", "状态")), t(say("KEY", "公钥"))}, rows)
			return nil
		},
	}
}

// usable says in words whether a key signs.
func (s *session) usable(k api.Key) string {
	if k.Usable {
		return s.language.of(say("usable", "可用"))
	}
	if k.Why != "" {
		return k.Why
	}
	return s.language.of(say("not usable", "不可用"))
}

func (s *session) memberGrants() *cobra.Command {
	return &cobra.Command{
		Use:   "grants ID",
		Short: s.language.of(say("List the approvals and accreditations of a body", "列出机构的批准与认可")),
		Args:  args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, given []string) error {
			node, err := s.connect()
			if err != nil {
				return err
			}
			grants := []api.Grant{}
			for from := uint64(1); from > 0; {
				l, err := node.Grants(c.Context(), given[0], client.From(from), client.Limit(pageSize))
				if err != nil {
					return err
				}
				grants = append(grants, l.Items...)
				from = l.Next
			}
			if s.json {
				return s.printJSON(grants)
			}
			t := s.language.of
			rows := make([]row, len(grants))
			for i, g := range grants {
				kind := t(say("approval", "批准"))
				if g.By != "" {
					kind = t(sayf("accreditation %s by %s, mark %s", "认可 %s（%s，标志 %s）", g.Name, g.By, g.Mark))
				}
				last := ""
				if n := len(g.Steps); n > 0 {
					last = g.Steps[n-1].Kind + " " + g.Steps[n-1].Date + " " + g.Steps[n-1].Reason
				}
				rows[i] = row{strconv.FormatUint(g.Number, 10), kind, g.From, g.Until, strings.Join(g.Schemes, " "), last}
			}
			s.table(row{t(say("NO", "编号")), t(say("KIND", "类别")), t(say("FROM", "起")), t(say("UNTIL", "止")), t(say("SCHEMES", "认证项目")), t(say("LATEST", "最近处置"))}, rows)
			return nil
		},
	}
}
