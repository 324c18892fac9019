package cli

import (
	"encoding/json"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
)

// conflictsJSON is what is known of conflicts, as JSON.
type conflictsJSON struct {
	Recorded []api.Conflict      `json:"recorded"`
	Seen     []api.KnownConflict `json:"seen"` // by the node, and not on record
}

func (s *session) queryConflicts() *cobra.Command {
	report := ""
	c := &cobra.Command{
		Use:   "conflicts",
		Short: s.language.of(say("Show which seal keys signed two statements of one height", "显示对同一高度签署了两份陈述的签章密钥")),
		Long: s.language.of(say(
			`Shows the proofs that are on the ledger, and those that a node has seen and nobody
has reported. --report writes the latter to a file, as messages: hallmark tx prepare
FILE makes the transaction that puts them on record.`,
			`显示已记入账本的证据，以及节点已发现而尚未举报的证据。--report 将后者作为消息写入文件：
用 hallmark tx prepare 文件 制作举报交易。`)),
		Args: args(cobra.NoArgs),
	}
	c.Flags().StringVar(&report, "report", "", s.language.of(say("write the messages that report what is not on record", "将举报消息写入文件")))
	c.RunE = func(c *cobra.Command, _ []string) error {
		node, err := s.connect()
		if err != nil {
			return err
		}
		seen, err := node.SealConflicts(c.Context())
		if err != nil {
			return err
		}
		out := conflictsJSON{Recorded: []api.Conflict{}, Seen: []api.KnownConflict{}}
		messages := []api.ConflictReport{}
		for _, one := range seen.Items {
			if !one.Recorded {
				out.Seen, messages = append(out.Seen, one), append(messages, one.Report)
			}
		}
		for page := (&api.ConflictList{}); ; {
			if page, err = node.Conflicts(c.Context(), client.Cursor(page.Next), client.Limit(200)); err != nil {
				return err
			}
			if out.Recorded = append(out.Recorded, page.Items...); page.Next == "" {
				break
			}
		}
		if report != "" && len(messages) > 0 {
			raw, err := json.MarshalIndent(messages, "", "  ")
			if err == nil {
				err = os.WriteFile(report, append(raw, '\n'), 0o644)
			}
			if err != nil {
				return err
			}
		}
		if s.json {
			return s.printJSON(out)
		}
		s.conflicts(&out, report)
		return nil
	}
	return c
}

func (s *session) conflicts(out *conflictsJSON, report string) {
	t := s.language.of
	var rows []row
	for _, c := range out.Recorded {
		rows = append(rows, row{strconv.FormatUint(c.Height, 10), c.Validator, c.Key, t(say("on record since block ", "已上链，区块 ")) + strconv.FormatUint(c.Reported, 10)})
	}
	for _, c := range out.Seen {
		rows = append(rows, row{strconv.FormatUint(c.Height, 10), "", c.Key, t(say("not reported", "未举报"))})
	}
	if len(rows) == 0 {
		s.printf("No seal key is known to have signed two statements of one height.", "未发现有签章密钥对同一高度签署两份陈述。")
		return
	}
	s.table(row{t(say("HEIGHT", "高度")), t(say("VALIDATOR", "验证者")), t(say("SEAL KEY", "签章公钥")), ""}, rows)
	switch {
	case len(out.Seen) == 0:
	case report == "":
		s.printf("To report: hallmark query conflicts --report FILE, then hallmark tx prepare FILE.", "举报：hallmark query conflicts --report 文件，再执行 hallmark tx prepare 文件。")
	default:
		s.printf("Written to %s. Next: hallmark tx prepare %[1]s", "已写入 %s。下一步：hallmark tx prepare %[1]s", report)
	}
}
