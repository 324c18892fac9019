package cli

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
)

// readFlags are those of commands that read a certificate.
type readFlags struct {
	issuer string
	height uint64
}

func (s *session) readFlags(c *cobra.Command) *readFlags {
	f := new(readFlags)
	t := s.language.of
	c.Flags().StringVar(&f.issuer, "issuer", "", t(say("approval number of the body; needed if several have issued the number", "发证机构批准号；多个机构颁发过该编号时须指定")))
	c.Flags().Uint64Var(&f.height, "height", 0, t(say("as of this height; the newest if 0", "查询该高度的状态；0 为最新")))
	return f
}

// options returns the options of a read; the height read goes to h.
func (f *readFlags) options(h *uint64) (list []client.ReadOption) {
	if f.height > 0 {
		list = append(list, client.AtHeight(f.height))
	}
	return append(list, client.HeightTo(h))
}

func (s *session) certShow() *cobra.Command {
	c := &cobra.Command{
		Use:   "show NUMBER",
		Short: s.language.of(say("Show a certificate and what holds of it now", "显示证书及其当前状态")),
		Long: s.language.of(say(`Show a certificate as one node has it. The exit code is 0 if the node has it,
whatever its status: this is a look at the ledger, not a proof.`,
			`按所连节点显示证书。只要节点有该证书，退出码即为 0，与状态无关：这是查询账本，并非证明。`)),
		Args: args(cobra.ExactArgs(1)),
	}
	f := s.readFlags(c)
	c.RunE = func(c *cobra.Command, given []string) error {
		ref, err := s.certRef(c.Context(), given[0], f.issuer)
		if err != nil {
			return err
		}
		node, err := s.connect()
		if err != nil {
			return err
		}
		var height uint64
		cert, err := node.Certificate(c.Context(), ref.Issuer, ref.Number, f.options(&height)...)
		if err != nil {
			return err
		}
		if s.json {
			return s.printJSON(cert)
		}
		s.certificate(cert, height)
		return nil
	}
	return c
}

// certificate prints a certificate: first as of when, then what holds.
func (s *session) certificate(c *api.Certificate, height uint64) {
	t := s.language.of
	both := func(zh, en string) string {
		if zh == "" || en != "" && s.language == english {
			return en
		}
		return zh
	}
	issuer := c.Issuer
	if c.IssuerName != nil {
		issuer += "  " + t(*c.IssuerName)
	}
	list := []pair{
		{say("as of", "截至"), t(sayf("height %d, %s", "高度 %d，%s", height, s.instant(c.At)))},
		{say("number", "证书编号"), c.Number},
		{say("status", "状态"), s.status(&c.Effective)},
	}
	list = append(list, s.effective(&c.Effective)...)
	if d := c.Details; d != nil && d.Holder != nil {
		list = append(list, pair{say("holder", "持有组织"), strings.TrimSpace(both(d.Holder.NameZh, d.Holder.NameEn) + "  " + c.Holder)},
			pair{say("address", "地址"), both(d.Holder.AddressZh, d.Holder.AddressEn)})
	} else {
		list = append(list, pair{say("holder", "持有组织"), c.Holder})
	}
	list = append(list,
		pair{say("issuer", "发证机构"), issuer},
		pair{say("scheme", "认证项目"), c.Scheme + "  " + c.Family},
		pair{say("valid", "有效期"), t(sayf("%s to %s", "%s 至 %s", c.Issued, c.Expires))},
		pair{say("first issued", "初次获证"), c.FirstIssued},
	)
	if d := c.Details; d != nil {
		list = append(list,
			pair{say("scope", "认证范围"), both(d.ScopeZh, d.ScopeEn)},
			pair{say("scope codes", "业务范围代码"), strings.Join(d.ScopeCodes, ", ")},
			pair{say("standards", "认证依据"), strings.Join(d.Standards, ", ")},
			pair{say("marks", "认可标志"), strings.Join(d.Marks, ", ")},
			pair{say("producer", "生产者"), partyName(d.Producer, both)},
			pair{say("factory", "生产企业"), partyName(d.Factory, both)},
			pair{say("trade mark", "商标"), d.TradeMark},
			pair{say("models", "型号规格"), strings.Join(d.Models, ", ")},
			pair{say("GTINs", "商品条码"), strings.Join(d.GTINs, ", ")},
			pair{say("main certificate", "主证书"), refName(d.Main)},
			pair{say("document", "证书文件摘要"), d.Document},
		)
	}
	list = append(list,
		pair{say("replaced by", "已由其替换"), refName(c.Successor)},
		pair{say("text version", "内容版本"), strconv.Itoa(int(c.Version))},
		pair{say("records", "记录数"), strconv.Itoa(int(c.Records))},
	)
	for _, o := range c.Orders {
		list = append(list, pair{say("order", "责令"), t(sayf("record %d, due %s", "记录 %d，期限 %s", o.Record, o.Due))})
	}
	for _, member := range c.Warnings {
		list = append(list, pair{say("warning by", "作出警示的部门"), member})
	}
	for _, u := range c.Unsound {
		list = append(list, pair{say("rests on, not valid", "所依据的非有效证书"), u.Issuer + "/" + u.Number})
	}
	s.facts(list...)
}

func partyName(p *api.Party, both func(zh, en string) string) string {
	if p == nil {
		return ""
	}
	return both(p.NameZh, p.NameEn)
}

func refName(r *api.Ref) string {
	if r == nil {
		return ""
	}
	return r.Issuer + "/" + r.Number
}

// effective are the facts of what holds.
func (s *session) effective(e *api.Effective) []pair {
	t := s.language.of
	list := []pair{{say("since", "自"), e.Since}}
	if e.Reason != "" {
		why := e.Reason
		if e.ReasonText != nil {
			why += "  " + t(*e.ReasonText)
		}
		list = append(list, pair{say("reason", "原因"), why})
	}
	if e.OverdueSince != "" {
		list = append(list, pair{say("overdue since", "暂停逾期自"), e.OverdueSince})
	}
	for _, f := range e.Flags {
		name := t(f.Text)
		if f.Blocking {
			name = s.colour(red, t(sayf("%s: it must not be relied on", "%s：不可信赖", f.Text)))
		}
		list = append(list, pair{say("flag", "标记"), name})
	}
	return list
}

// status prints a status in both languages.
func (s *session) status(e *api.Effective) string {
	name := e.Text.Zh + " " + e.Text.En
	if e.Code != "" {
		name += " (" + e.Code + ")"
	}
	switch {
	case e.Holds:
		return s.colour(green, name)
	case e.Status == "valid" || e.Status == "suspended":
		return s.colour(yellow, name)
	}
	return s.colour(red, name)
}

const (
	red    = "31"
	green  = "32"
	yellow = "33"
)

// colour colours a text on a terminal, unless NO_COLOR is set.
func (s *session) colour(code, name string) string {
	if f, ok := s.out.(*os.File); !ok || !isatty.IsTerminal(f.Fd()) || s.getenv("NO_COLOR") != "" {
		return name
	}
	return fmt.Sprintf("\x1b[%sm%s\x1b[0m", code, name)
}
