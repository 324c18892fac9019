package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client/record"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// certFields are the flags of the fields of a record, by their names.
type certFields map[string]*[]string

// certFields adds a flag for each field that one of the actions takes.
func (s *session) certFields(c *cobra.Command, actions []rules.Action) certFields {
	fields := certFields{}
	for _, f := range record.Fields() {
		if f.Name == "number" || f.Name == "action" && len(actions) == 1 ||
			!slices.ContainsFunc(actions, func(a rules.Action) bool { return slices.Contains(f.Takes, a) }) {
			continue
		}
		usage := sayf("%s", "%s", text{En: strings.ReplaceAll(f.Name, "_", " "), Zh: f.Chinese})
		if f.About.En != "" {
			usage = text{En: usage.En + ": " + f.About.En, Zh: usage.Zh + "：" + f.About.Zh}
		}
		value := new([]string)
		fields[f.Name] = value
		c.Flags().StringArrayVar(value, certFlag(f.Name), nil, s.language.of(usage))
	}
	return fields
}

// certFlag is the flag of a field: its name, but where another flag has it.
func certFlag(field string) string {
	if field == "expires" {
		return "valid-until"
	}
	return strings.ReplaceAll(field, "_", "-")
}

// set sets the fields that flags give.
func (fields certFields) set(r *record.Record) error {
	for _, f := range record.Fields() { // in the order of the table
		if v := fields[f.Name]; v != nil && len(*v) > 0 {
			if err := r.Set(f.Name, *v...); err != nil {
				return err
			}
		}
	}
	return nil
}

// defaults are the fields that flags give, for rows of a file that do not.
func (fields certFields) defaults() map[string]string {
	d := map[string]string{}
	for name, v := range fields {
		if len(*v) > 0 {
			d[name] = strings.Join(*v, ";")
		}
	}
	return d
}

// certAct is the command of an action: on one certificate by its flags, or on
// those of a file.
func (s *session) certAct(use string, short text, actions []rules.Action) *cobra.Command {
	c := &cobra.Command{
		Use:   use + " [NUMBER]",
		Short: s.language.of(short),
		Long: s.language.of(sayf(`%s.

On one certificate, with a flag for each field; lists repeat the flag. Or on those
of a file (--file), one row each, in CSV, JSON Lines or JSON; flags then are for
rows that do not say it, and an interrupted run goes on where it was when it is
started again. docs/records.md has the fields and columns.`,
			`%s。

用参数逐项指定一张证书（列表重复使用同一参数）；或用 --file 处理文件中的多张证书，每行一张，
格式为 CSV、JSON Lines 或 JSON，此时参数用于未填写该项的行，中断后重新执行即可继续。
字段与列名见 docs/records.md。`, short)),
		Args: args(cobra.MaximumNArgs(1)),
	}
	fields := s.certFields(c, actions)
	f := s.txFlags(c)
	b := s.bulkFlags(c)
	c.RunE = func(c *cobra.Command, given []string) error {
		switch {
		case b.file != "" && len(given) > 0:
			return usage(say("Give a certificate or a file, not both.", "证书编号与文件只能指定一个。"))
		case b.file != "":
			return s.bulk(c.Context(), f, b, actions, fields.defaults())
		case len(given) == 0:
			return usage(say("Give the number of the certificate, or a file (--file).", "请指定证书编号，或文件（--file）。"))
		}
		m, err := s.certMessage(c.Context(), f, actions, fields, given[0])
		if err != nil {
			return certFault(err)
		}
		return s.transact(c.Context(), f, []*txv1.Message{m})
	}
	return c
}

// certFault gives a fault of a record its text in both languages.
func certFault(err error) error {
	if f, ok := errors.AsType[*record.Fault](err); ok {
		return &failure{exitUsage, text{En: f.Error(), Zh: f.Chinese()}, nil}
	}
	return err
}

// certMessage makes a message of what flags say.
func (s *session) certMessage(ctx context.Context, f *txFlags, actions []rules.Action, fields certFields, number string) (*txv1.Message, error) {
	issuer, err := s.approvalNumber(ctx, f)
	if err != nil {
		return nil, err
	}
	today := civil.DateOf(time.Now())
	r := &record.Record{Number: number, Decided: today}
	if len(actions) == 1 {
		r.Action = actions[0]
	} else if err := fields.setAction(r, actions); err != nil {
		return nil, err
	}
	if err := s.presentText(ctx, r, fields, issuer); err != nil {
		return nil, err
	}
	if err := fields.set(r); err != nil {
		return nil, err
	}
	if m := &r.Details.Main; m.Number != "" && m.Issuer == "" {
		m.Issuer = issuer
	}
	if r.Issuer == "" && issuer == "" { // a regulator's act, on whose certificate?
		ref, err := s.certRef(ctx, number, "")
		if err != nil {
			return nil, err
		}
		r.Issuer = ref.Issuer
	}
	if err := r.Check(issuer, today); err != nil {
		return nil, err
	}
	return r.Message(), nil
}

func (fields certFields) setAction(r *record.Record, actions []rules.Action) error {
	names := make([]string, len(actions))
	for i, a := range actions {
		names[i] = a.String()
	}
	v := *fields["action"]
	if len(v) == 1 {
		if err := r.Set("action", v...); err != nil {
			return err
		}
	}
	if !slices.Contains(actions, r.Action) {
		return usage(sayf("Say what is amended (--action): %s.", "请用 --action 指明变更种类：%s。", strings.Join(names, ", ")))
	}
	return nil
}

// presentText begins with the text on the ledger where the record amends or
// corrects it, or replaces the certificate that has it.
func (s *session) presentText(ctx context.Context, r *record.Record, fields certFields, own string) error {
	of := rules.Ref{Issuer: own, Number: r.Number}
	given := func(name, otherwise string) string {
		if v := fields[name]; v != nil && len(*v) > 0 {
			return (*v)[0]
		}
		return otherwise
	}
	switch {
	case r.Action.Amends():
		of.Issuer = given("issuer", own)
	case r.Action == rules.Correct:
		if !fields.haveText() {
			return nil
		}
		of.Issuer = given("issuer", own)
	case r.Action == rules.Renew || r.Action == rules.Transfer:
		of = rules.Ref{Issuer: given("old_issuer", own), Number: given("old_number", "")}
		if of.Number == "" {
			return nil // the check says so
		}
	default:
		return nil
	}
	c, err := s.connect()
	if err != nil {
		return err
	}
	now, err := c.Certificate(ctx, of.Issuer, of.Number)
	if err != nil {
		return err
	}
	if now.Details == nil {
		return nil
	}
	r.Details, err = record.DetailsOf(now.Details)
	if r.Action == rules.Renew || r.Action == rules.Transfer {
		r.Details.Document, r.Details.Evidence = [32]byte{}, nil // of the old paper
		inherit(r, now)
	}
	return err
}

// inherit takes over what a new certificate has of the one that it replaces,
// unless flags say otherwise.
func inherit(r *record.Record, old *api.Certificate) {
	r.Scheme, r.Holder = old.Scheme, old.Holder
	if d, err := civil.Parse(old.FirstIssued); err == nil {
		r.FirstIssued = d
	}
}

func (fields certFields) haveText() bool {
	for _, f := range record.Fields() {
		if v := fields[f.Name]; v != nil && len(*v) > 0 && strings.HasPrefix(f.Path, "details.") {
			return true
		}
	}
	return false
}

// approvalNumber returns that of the member of the first key that signs, empty if
// it has none.
func (s *session) approvalNumber(ctx context.Context, f *txFlags) (string, error) {
	if len(f.signWith) == 0 {
		return "", usage(say("Name the keys that sign (--sign-with). See hallmark keys list.", "请指定用于签名的密钥（--sign-with）。可用 hallmark keys list 查看。"))
	}
	note, err := s.lookUp(f.signWith[0])
	if err != nil {
		return "", err
	}
	p, err := s.party(ctx, note)
	if err != nil {
		return "", err
	}
	c, err := s.connect()
	if err != nil {
		return "", err
	}
	m, err := c.Member(ctx, p.Member)
	if err != nil {
		return "", err
	}
	return m.ApprovalNumber, nil
}

// certRef returns the certificate that a person means: issuer, or the one body
// that has issued the number.
func (s *session) certRef(ctx context.Context, number, issuer string) (rules.Ref, error) {
	if issuer != "" {
		return rules.Ref{Issuer: issuer, Number: number}, nil
	}
	c, err := s.connect()
	if err != nil {
		return rules.Ref{}, err
	}
	i, err := c.Issuers(ctx, number)
	switch {
	case err != nil:
		return rules.Ref{}, err
	case len(i.Issuers) == 0:
		return rules.Ref{}, &failure{exitRefused, nobodyIssued(number), nil}
	case len(i.Issuers) > 1:
		return rules.Ref{}, usage(sayf("Several bodies have issued the number %s. Say which (--issuer): %s.", "多个机构颁发过编号 %s，请用 --issuer 指定：%s。", number, strings.Join(i.Issuers, ", ")))
	}
	return rules.Ref{Issuer: i.Issuers[0], Number: number}, nil
}
