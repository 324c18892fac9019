package cli

import (
	"strconv"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
)

func (s *session) certHistory() *cobra.Command {
	c := &cobra.Command{
		Use:   "history NUMBER",
		Short: s.language.of(say("Show what was done to a certificate", "显示证书的历史记录")),
		Args:  args(cobra.ExactArgs(1)),
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
		all := api.History{Items: []api.Record{}}
		var height uint64
		for from := uint64(1); from > 0; {
			// Further pages are of the same state.
			page, err := node.History(c.Context(), ref.Issuer, ref.Number, append(f.options(&height), client.From(from))...)
			if err != nil {
				return err
			}
			f.height = height
			all.Items = append(all.Items, page.Items...)
			from = uint64(page.Next)
		}
		if s.json {
			return s.printJSON(all)
		}
		s.printf("%s, as of height %d", "%s，截至高度 %d", ref.String(), height)
		t := s.language.of
		rows := make([]row, len(all.Items))
		for i, r := range all.Items {
			what := t(r.Text)
			if r.Imported {
				what += t(say(" (imported)", "（导入）"))
			}
			rows[i] = row{strconv.Itoa(int(r.N)), r.Decided, what, r.Status, r.Reason, r.Actor, strconv.FormatUint(r.Height, 10), s.instant(r.Time), r.Note}
		}
		s.table(row{"N", t(say("DECIDED", "决定日期")), t(say("ACT", "操作")), t(say("STATUS", "状态")), t(say("REASON", "原因")), t(say("BY", "操作成员")), t(say("HEIGHT", "高度")), t(say("RECORDED", "记录时间")), t(say("NOTE", "说明"))}, rows)
		return nil
	}
	return c
}

func (s *session) certOn() *cobra.Command {
	c := &cobra.Command{
		Use:   "on NUMBER DATE",
		Short: s.language.of(say("Show what held of a certificate at the end of a date", "显示证书在某日终了时的状态")),
		Args:  args(cobra.ExactArgs(2)),
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
		on, err := node.OnDate(c.Context(), ref.Issuer, ref.Number, given[1], f.options(&height)...)
		if err != nil {
			return err
		}
		if s.json {
			return s.printJSON(on)
		}
		t := s.language.of
		list := []pair{
			{say("as of", "截至"), t(sayf("height %d", "高度 %d", height))},
			{say("number", "证书编号"), on.Number},
			{say("at the end of", "该日终了"), on.Date},
			{say("status", "状态"), s.status(&on.Effective)},
		}
		list = append(list, s.effective(&on.Effective)...)
		s.facts(append(list, pair{say("last record", "最后记录"),
			t(sayf("%d: %s, decided %s, recorded at height %d", "%d：%s，决定于 %s，记录于高度 %d", on.Record.N, on.Record.Text, on.Record.Decided, on.Record.Height))})...)
		return nil
	}
	return c
}

// version is a version of the text of a certificate.
type version struct {
	Version uint32       `json:"version"`
	Details *api.Details `json:"details"`
}

func (s *session) certVersions() *cobra.Command {
	c := &cobra.Command{
		Use:   "versions NUMBER",
		Short: s.language.of(say("Show all texts that a certificate has had, as JSON", "以 JSON 显示证书内容的各个版本")),
		Args:  args(cobra.ExactArgs(1)),
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
		list := make([]version, 0, cert.Version)
		for n := uint32(1); n <= cert.Version; n++ {
			d, err := node.Text(c.Context(), ref.Issuer, ref.Number, n, client.AtHeight(height))
			if err != nil {
				return err
			}
			list = append(list, version{n, d})
		}
		return s.printJSON(list)
	}
	return c
}
