package cli

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

func (s *session) memberAddKeys() *cobra.Command {
	c := &cobra.Command{
		Use:   "add-keys KEY...",
		Short: s.language.of(say("Register keys of the own member", "登记本成员的密钥")),
		Long: s.language.of(say(`Register keys: names in the folder, or files that keys export --public wrote. Admin
keys sign (--sign-with): one for operators, two of different holders for admins,
certifiers and approvers, which can be used after the delay of the ledger.`,
			`登记密钥：文件夹中的名称，或 keys export --public 写出的文件。由管理密钥签名（--sign-with）：
操作密钥需一名；管理、认证决定和批准密钥需两名不同持有人，且须待账本规定的延迟后方可使用。`)),
		Args: args(cobra.MinimumNArgs(1)),
	}
	f := s.txFlags(c)
	c.RunE = func(c *cobra.Command, given []string) error {
		keys, err := s.newKeys(given)
		if err != nil {
			return err
		}
		return s.transact(c.Context(), f, []*txv1.Message{{Action: &txv1.Message_AddKeys{AddKeys: &memberv1.AddKeys{Keys: keys}}}})
	}
	return c
}

// newKeys reads keys to be registered: names in the folder, or files.
func (s *session) newKeys(refs []string) (keys []*memberv1.NewKey, err error) {
	for _, ref := range refs {
		note := new(keyNote)
		if _, err := os.Stat(ref); err == nil && strings.HasSuffix(ref, ".json") {
			raw, err := s.readFile(ref, maxKeyFile)
			if err != nil {
				return nil, err
			}
			if err := json.Unmarshal(raw, note); err != nil {
				return nil, usageOf(sayf("%s is not a key as keys export --public writes it.", "%s 不是 keys export --public 写出的密钥。", ref), err)
			}
		} else if note, err = s.keyNote(ref); err != nil {
			return nil, err
		}
		key, err := note.newKey()
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func (s *session) memberCancelKey() *cobra.Command {
	c := &cobra.Command{
		Use:   "cancel-key KEY",
		Short: s.language.of(say("End an own key before it can be used", "取消本成员尚未生效的密钥")),
		Args:  args(cobra.ExactArgs(1)),
	}
	f := s.txFlags(c)
	c.RunE = func(c *cobra.Command, given []string) error {
		key, err := s.hexKey(given[0])
		if err != nil {
			return err
		}
		return s.transact(c.Context(), f, []*txv1.Message{{Action: &txv1.Message_CancelPendingKey{CancelPendingKey: &memberv1.CancelPendingKey{Key: key}}}})
	}
	return c
}

func (s *session) memberReportCompromise() *cobra.Command {
	var since string
	c := &cobra.Command{
		Use:   "report-compromise KEY --since TIME",
		Short: s.language.of(say("Report that an own key was in other hands from a time on", "报告本成员密钥自某时起失密")),
		Long: s.language.of(say(`End a key at once and flag what it signed after a time (2026-06-01T12:00:00+08:00).
A later report can only move that time back. One admin key signs (--sign-with).`,
			`立即终止密钥，并标记其在某时刻（如 2026-06-01T12:00:00+08:00）之后签署的内容。再次报告只能将
该时刻提前。由一名管理密钥签名（--sign-with）。`)),
		Args: args(cobra.ExactArgs(1)),
	}
	f := s.txFlags(c)
	c.Flags().StringVar(&since, "since", "", s.language.of(say("the time, as 2026-06-01T12:00:00+08:00", "时刻，如 2026-06-01T12:00:00+08:00")))
	c.RunE = func(c *cobra.Command, given []string) error {
		at, err := parseInstant(since)
		if err != nil {
			return err
		}
		key, err := s.hexKey(given[0])
		if err != nil {
			return err
		}
		return s.transact(c.Context(), f, []*txv1.Message{{Action: &txv1.Message_ReportCompromise{ReportCompromise: &memberv1.ReportCompromise{Key: key, Since: at.Unix()}}}})
	}
	return c
}

// spanFlags are schemes and the days from and until which something holds.
type spanFlags struct {
	schemes     []string
	from, until string
}

func (s *session) spanFlags(c *cobra.Command) *spanFlags {
	f := new(spanFlags)
	t := s.language.of
	c.Flags().StringSliceVar(&f.schemes, "scheme", nil, t(say("item codes or their beginnings, as A010101 or A01", "认证项目代码或其前缀，如 A010101 或 A01")))
	c.Flags().StringVar(&f.from, "from", "", t(say("first day, as 2026-06-01", "首日，如 2026-06-01")))
	c.Flags().StringVar(&f.until, "until", "", t(say("last day, as 2029-05-31", "末日，如 2029-05-31")))
	return f
}

func (f *spanFlags) days() (from, until int32, err error) {
	a, err := parseDate(f.from)
	if err != nil {
		return 0, 0, err
	}
	b, err := parseDate(f.until)
	return a, b, err
}

// parseDate reads a date that a person typed.
func parseDate(value string) (int32, error) {
	d, err := civil.Parse(value)
	if err != nil {
		return 0, usage(sayf("%q is not a date like 2026-06-01.", "%q 不是形如 2026-06-01 的日期。", value))
	}
	return int32(d), nil
}

func (s *session) memberAccredit() *cobra.Command {
	var mark, number string
	c := &cobra.Command{
		Use:   "accredit BODY",
		Short: s.language.of(say("File an accreditation of a body", "登记对机构的认可")),
		Long: s.language.of(say("File an accreditation of a body. An approver of an accreditation body signs (--sign-with).",
			"登记对机构的认可。由认可机构的批准密钥签名（--sign-with）。")),
		Args: args(cobra.ExactArgs(1)),
	}
	f, span := s.txFlags(c), s.spanFlags(c)
	t := s.language.of
	c.Flags().StringVar(&mark, "mark", "", t(say("code of the mark, as 01", "认可标志代码，如 01")))
	c.Flags().StringVar(&number, "number", "", t(say("number of the accreditation certificate", "认可证书编号")))
	c.RunE = func(c *cobra.Command, given []string) error {
		from, until, err := span.days()
		if err != nil {
			return err
		}
		return s.transact(c.Context(), f, []*txv1.Message{{Action: &txv1.Message_Accredit{Accredit: &memberv1.Accredit{
			Body: given[0], Mark: mark, Number: number, Schemes: span.schemes, From: from, Until: until,
		}}}})
	}
	return c
}

func suspendAccreditation(body string, grant uint64, reason string) *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_SuspendAccreditation{SuspendAccreditation: &memberv1.SuspendAccreditation{Body: body, Grant: grant, Reason: reason}}}
}

func reinstateAccreditation(body string, grant uint64, reason string) *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_ReinstateAccreditation{ReinstateAccreditation: &memberv1.ReinstateAccreditation{Body: body, Grant: grant, Reason: reason}}}
}

func withdrawAccreditation(body string, grant uint64, reason string) *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_WithdrawAccreditation{WithdrawAccreditation: &memberv1.WithdrawAccreditation{Body: body, Grant: grant, Reason: reason}}}
}

func stopBody(body, reason string) *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_StopBody{StopBody: &memberv1.StopBody{Body: body, Reason: reason}}}
}

func resumeBody(body, reason string) *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_ResumeBody{ResumeBody: &memberv1.ResumeBody{Body: body, Reason: reason}}}
}

// grantCommand is a command about one accreditation of a body.
func (s *session) grantCommand(use string, short text, message func(body string, grant uint64, reason string) *txv1.Message) *cobra.Command {
	var reason string
	c := &cobra.Command{Use: use + " BODY NO --reason TEXT", Short: s.language.of(short), Args: args(cobra.ExactArgs(2))}
	f := s.txFlags(c)
	s.reasonFlag(c, &reason)
	c.RunE = func(c *cobra.Command, given []string) error {
		grant, err := parseNumber(given[1])
		if err != nil {
			return err
		}
		return s.transact(c.Context(), f, []*txv1.Message{message(given[0], grant, reason)})
	}
	return c
}

// bodyCommand is a command about a body.
func (s *session) bodyCommand(use string, short text, message func(body, reason string) *txv1.Message) *cobra.Command {
	var reason string
	c := &cobra.Command{Use: use + " BODY --reason TEXT", Short: s.language.of(short), Args: args(cobra.ExactArgs(1))}
	f := s.txFlags(c)
	s.reasonFlag(c, &reason)
	c.RunE = func(c *cobra.Command, given []string) error {
		return s.transact(c.Context(), f, []*txv1.Message{message(given[0], reason)})
	}
	return c
}

func (s *session) reasonFlag(c *cobra.Command, reason *string) {
	c.Flags().StringVar(reason, "reason", "", s.language.of(say("why, for people; no personal data", "原因（供人阅读，不含个人信息）")))
}

// parseNumber reads a number from 1 that a person typed.
func parseNumber(value string) (uint64, error) {
	n, err := strconv.ParseUint(value, 10, 64)
	if err != nil || n == 0 {
		return 0, usage(sayf("%q is not a number from 1 on.", "%q 不是正整数。", value))
	}
	return n, nil
}
