package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client/message"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

func (s *session) govCommand() *cobra.Command {
	return s.group("gov", say("Decisions of the regulators together", "监管机构共同决定的事项"),
		s.govPropose(), s.govAdmit(), s.govApproveSchemes(), s.govImportWindow(),
		s.voteCommand("approve", say("Approve a proposal", "赞成提案"), func(n uint64) *txv1.Message {
			return &txv1.Message{Action: &txv1.Message_Approve{Approve: &governancev1.Approve{Proposal: n}}}
		}),
		s.voteCommand("reject", say("Reject a proposal", "反对提案"), func(n uint64) *txv1.Message {
			return &txv1.Message{Action: &txv1.Message_Reject{Reject: &governancev1.Reject{Proposal: n}}}
		}),
		s.voteCommand("withdraw", say("Withdraw an own proposal", "撤回本机构的提案"), func(n uint64) *txv1.Message {
			return &txv1.Message{Action: &txv1.Message_Withdraw{Withdraw: &governancev1.Withdraw{Proposal: n}}}
		}),
		s.govList(), s.govShow("show"))
}

// proposeFlags are those of commands that make a proposal.
type proposeFlags struct {
	*txFlags
	title, document string
}

func (s *session) proposeFlags(c *cobra.Command) *proposeFlags {
	f := &proposeFlags{txFlags: s.txFlags(c)}
	t := s.language.of
	c.Flags().StringVar(&f.title, "title", "", t(say("what it is about, for people", "提案主旨（供人阅读）")))
	c.Flags().StringVar(&f.document, "document", "", t(say("file with the reasons, or its SM3 in hexadecimal", "载明理由的文件，或其十六进制 SM3 摘要")))
	return f
}

// propose makes a proposal of actions; it counts as the proposer's approval.
func (s *session) propose(ctx context.Context, f *proposeFlags, title string, actions ...*governancev1.Action) error {
	if f.title != "" {
		title = f.title
	}
	if title == "" {
		return usage(say("Say what it is about (--title).", "请说明提案主旨（--title）。"))
	}
	document, err := s.documentHash(f.document)
	if err != nil {
		return err
	}
	return s.transact(ctx, f.txFlags, []*txv1.Message{{Action: &txv1.Message_Propose{Propose: &governancev1.Propose{
		Title: title, Document: document, Actions: actions,
	}}}})
}

// documentHash returns the SM3 of a file, or the one that was given.
func (s *session) documentHash(value string) ([]byte, error) {
	if value == "" {
		return nil, nil
	}
	f, err := os.Open(value)
	if errors.Is(err, fs.ErrNotExist) {
		if hash, err := hex.DecodeString(value); err == nil && len(hash) == sm3.Size {
			return hash, nil
		}
	}
	if err != nil {
		return nil, usageOf(sayf("The document %s cannot be read.", "无法读取文件 %s。", value), err)
	}
	defer f.Close()
	h := sm3.New()
	if err := copyAll(h, f); err != nil {
		return nil, err
	}
	return h.Sum(nil), nil
}

func (s *session) govPropose() *cobra.Command {
	c := &cobra.Command{
		Use:   "propose FILE.json --title TEXT",
		Short: s.language.of(say("Propose actions to the regulators", "向监管机构提出提案")),
		Long: s.language.of(say(`Propose the actions in a JSON file ("-": standard input): one or a list of them,
each in the JSON form of the protobuf message hallmark.governance.v1.Action, with
the liberties of hallmark tx prepare. They are executed in this order, all or none.
An approver of a regulator signs (--sign-with); it counts as its approval.

  [{"suspend_member": {"member": "cqm", "reason": "..."}}]`,
			`提出 JSON 文件（“-”为标准输入）中的事项：单个或列表，采用 protobuf 消息
hallmark.governance.v1.Action 的 JSON 形式，写法可从宽，同 hallmark tx prepare。各事项按序执行，
全部或均不执行。由监管机构的批准密钥签名（--sign-with），并计为该机构的赞成票。

  [{"suspend_member": {"member": "cqm", "reason": "..."}}]`)),
		Args: args(cobra.ExactArgs(1)),
	}
	f := s.proposeFlags(c)
	c.RunE = func(c *cobra.Command, given []string) error {
		raw, err := s.readFile(given[0], 16<<20)
		if err != nil {
			return err
		}
		actions, err := message.ParseActions(raw)
		if err != nil {
			return usageOf(sayf("%s has no actions that can be read.", "%s 中的事项无法读取。", given[0]), err)
		}
		return s.propose(c.Context(), f, "", actions...)
	}
	return c
}

func (s *session) govAdmit() *cobra.Command {
	p := new(memberv1.Profile)
	var roles, keys, foreign []string
	c := &cobra.Command{
		Use:   "admit ID",
		Short: s.language.of(say("Propose to admit a member", "提议接纳成员")),
		Long: s.language.of(say(`Propose to admit an institution with its first keys, which can be used at once: files
that its people wrote with hallmark keys export --public, or names in the folder.

  hallmark gov admit cqc --name-zh 中国质量认证中心 --uscc 91... --role certification_body \
      --region 110000 --approval-number CNCA-R-2002-001 --key a1.json,a2.json,c.json,p.json`,
			`提议接纳机构及其首批密钥（即时可用）：其人员以 hallmark keys export --public 写出的文件，
或文件夹中的名称。

  hallmark gov admit cqc --name-zh 中国质量认证中心 --uscc 91... --role certification_body \
      --region 110000 --approval-number CNCA-R-2002-001 --key a1.json,a2.json,c.json,p.json`)),
		Args: args(cobra.ExactArgs(1)),
	}
	f := s.proposeFlags(c)
	t := s.language.of
	c.Flags().StringVar(&p.NameZh, "name-zh", "", t(say("Chinese name", "名称")))
	c.Flags().StringVar(&p.NameEn, "name-en", "", t(say("English name", "英文名称")))
	c.Flags().StringVar(&p.Uscc, "uscc", "", t(say("unified social credit code", "统一社会信用代码")))
	c.Flags().StringSliceVar(&foreign, "foreign", nil, t(say("registration abroad instead: COUNTRY,AUTHORITY,NUMBER", "境外登记：国家,登记机关,编号")))
	c.Flags().StringSliceVar(&roles, "role", nil, t(say("regulator, accreditation_body, certification_body, laboratory, inspection_body, operator, observer", "regulator（监管）、accreditation_body（认可）、certification_body（认证）、laboratory（实验室）、inspection_body（检验）、operator（企业）、observer（观察）")))
	c.Flags().StringVar(&p.Region, "region", "", t(say("GB/T 2260, six digits", "行政区划代码（GB/T 2260），六位")))
	c.Flags().StringVar(&p.ApprovalNumber, "approval-number", "", t(say("of a certification body, as CNCA-R-2002-001", "认证机构批准号，如 CNCA-R-2002-001")))
	c.Flags().StringSliceVar(&p.Marks, "mark", nil, t(say("codes of the marks that an accreditation body gives", "认可机构的认可标志代码")))
	c.Flags().StringSliceVar(&keys, "key", nil, t(say("its first keys: files or names", "首批密钥：文件或名称")))
	c.RunE = func(c *cobra.Command, given []string) (err error) {
		if p.Roles, err = parseRoles(roles); err != nil {
			return err
		}
		switch len(foreign) {
		case 0:
		case 3:
			p.Foreign = &memberv1.ForeignRegistration{Country: foreign[0], Authority: foreign[1], Number: foreign[2]}
		default:
			return usage(say("--foreign has three parts: COUNTRY,AUTHORITY,NUMBER.", "--foreign 须含三部分：国家,登记机关,编号。"))
		}
		added, err := s.newKeys(keys)
		if err != nil {
			return err
		}
		title := s.language.of(sayf("Admit %s", "接纳 %s", given[0]))
		return s.propose(c.Context(), f, title, &governancev1.Action{Action: &governancev1.Action_AdmitMember{
			AdmitMember: &memberv1.AdmitMember{Member: given[0], Profile: p, Keys: added},
		}})
	}
	return c
}

func (s *session) govApproveSchemes() *cobra.Command {
	c := &cobra.Command{
		Use:   "approve-schemes BODY --scheme CODE --from DATE --until DATE",
		Short: s.language.of(say("Propose to approve a certification body for schemes", "提议批准认证机构的认证项目")),
		Args:  args(cobra.ExactArgs(1)),
	}
	f, span := s.proposeFlags(c), s.spanFlags(c)
	c.RunE = func(c *cobra.Command, given []string) error {
		from, until, err := span.days()
		if err != nil {
			return err
		}
		title := s.language.of(sayf("Approve %s for schemes", "批准 %s 的认证项目", given[0]))
		return s.propose(c.Context(), f, title, &governancev1.Action{Action: &governancev1.Action_ApproveSchemes{
			ApproveSchemes: &memberv1.ApproveSchemes{Body: given[0], Schemes: span.schemes, From: from, Until: until},
		}})
	}
	return c
}

func (s *session) govImportWindow() *cobra.Command {
	var from, until string
	w := new(governancev1.OpenImportWindow)
	c := &cobra.Command{
		Use:   "import-window BODY --from TIME --until TIME --max-records N",
		Short: s.language.of(say("Propose to let a body import its earlier certificates", "提议允许机构导入既往证书")),
		Args:  args(cobra.ExactArgs(1)),
	}
	f := s.proposeFlags(c)
	t := s.language.of
	c.Flags().StringVar(&from, "from", "", t(say("when it begins, as 2026-06-01T00:00:00+08:00", "开始时刻，如 2026-06-01T00:00:00+08:00")))
	c.Flags().StringVar(&until, "until", "", t(say("when it ends", "结束时刻")))
	c.Flags().Uint64Var(&w.MaxRecords, "max-records", 0, t(say("how many certificates", "证书数量上限")))
	c.RunE = func(c *cobra.Command, given []string) error {
		begin, err := parseInstant(from)
		if err != nil {
			return err
		}
		end, err := parseInstant(until)
		if err != nil {
			return err
		}
		w.Body, w.From, w.Until = given[0], begin.Unix(), end.Unix()
		title := s.language.of(sayf("Import window for %s", "为 %s 开放导入窗口", given[0]))
		return s.propose(c.Context(), f, title, &governancev1.Action{Action: &governancev1.Action_OpenImportWindow{OpenImportWindow: w}})
	}
	return c
}
