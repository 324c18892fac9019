package record

import (
	"unicode"
	"unicode/utf8"

	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// maxDecisions is the most past decisions of an import (x/certificate).
const maxDecisions = 50

// Check refuses what the ledger would refuse whatever its state: today is the
// date in Beijing, issuer the approval number of the acting body. What depends on
// the certificate that is on the ledger, as its family, is taken as it suits the
// record. The error is a *Fault without a place.
func (r *Record) Check(issuer string, today civil.Date) error {
	if f := r.check(issuer, today); f != nil {
		return f
	}
	return nil
}

func (r *Record) check(issuer string, today civil.Date) *Fault {
	if !all.has(r.Action) {
		return &Fault{Field: "action", Text: about("it is missing: say what is done", "缺少操作：请指明所做的操作")}
	}
	for i := range fields {
		f := &fields[i]
		if has := len(f.get(r)) > 0; has && !f.takes.has(r.Action) {
			return r.strange(f)
		} else if !has && f.needs.has(r.Action) {
			return &Fault{Field: f.name, Text: about(
				"it is missing: “"+r.Action.Text().English+"” needs it",
				"缺少此项：“"+r.Action.Text().Chinese+"”必须填写")}
		}
	}
	for _, check := range []func() *Fault{
		func() *Fault { return r.checkNames(issuer) },
		func() *Fault { return refuse("decided", rules.CheckDecided(r.Decided, today, 0)) },
		r.checkNote,
		r.checkEvidence,
		func() *Fault { return r.checkAct(issuer, today) },
	} {
		if f := check(); f != nil {
			return f
		}
	}
	return nil
}

// strange is the fault of a field that the action does not take.
func (r *Record) strange(f *field) *Fault {
	return &Fault{Field: f.name, Text: about(
		"“"+r.Action.Text().English+"” does not take it: leave it empty",
		"“"+r.Action.Text().Chinese+"”没有此项：请留空")}
}

func refuse(field string, err error) *Fault {
	if err == nil {
		return nil
	}
	return refusalOf(field, err)
}

// checkNames checks who the record says has issued which certificate.
func (r *Record) checkNames(issuer string) *Fault {
	own := r.Issuer
	if own == "" {
		own = issuer
	}
	switch {
	case makes.has(r.Action) && issuer != "" && own != issuer:
		f := problem("the new certificate is of %s, but %s acts: leave the issuer out", "新证书的发证机构是 %s，而操作机构是 %s：请不填发证机构", own, issuer)
		f.Field = "issuer"
		return f
	case own == "":
		return &Fault{Field: "issuer", Text: about("it is missing: name the body that issued the certificate by its approval number", "缺少此项：请填写发证机构的批准号")}
	}
	if f := refuse("number", rules.Ref{Issuer: own, Number: r.Number}.Check()); f != nil {
		return f
	}
	if replaces.has(r.Action) {
		old := rules.Ref{Issuer: r.OldIssuer, Number: r.OldNumber}
		if old.Issuer == "" {
			old.Issuer = own
		}
		if f := refuse("old_number", old.Check()); f != nil {
			return f
		}
		if same := old.Issuer == own; same != (r.Action == rules.Renew) {
			return &Fault{Field: "old_issuer", Text: about("a renewal is within one body, a transfer between two", "换证在同一机构内进行，机构转换在两个机构之间进行")}
		}
	}
	return nil
}

// checkNote leaves to the ledger which rare characters a text may not have.
func (r *Record) checkNote() *Fault {
	n := r.Note
	if n == "" {
		return nil
	}
	first, _ := utf8.DecodeRuneInString(n)
	last, _ := utf8.DecodeLastRuneInString(n)
	var f *Fault
	switch {
	case len(n) > rules.MaxNote:
		f = problem("it has %d bytes, at most %d", "有 %d 个字节，至多 %d", len(n), rules.MaxNote)
	case !utf8.ValidString(n):
		f = problem("it is not UTF-8", "不是 UTF-8")
	case unicode.IsSpace(first) || unicode.IsSpace(last):
		f = problem("it begins or ends with a space", "首尾有空白")
	}
	for _, c := range n {
		if f == nil && unicode.IsControl(c) {
			f = problem("it contains %U, as a line break is", "含控制字符 %U（如换行）", c)
		}
	}
	if f != nil {
		f.Field = "note"
	}
	return f
}

func (r *Record) checkEvidence() *Fault {
	if len(r.Evidence) > rules.MaxEvidence {
		f := problem("%d entries, at most %d", "%d 项，至多 %d 项", len(r.Evidence), rules.MaxEvidence)
		f.Field = "evidence"
		return f
	}
	for i, h := range r.Evidence {
		for _, e := range r.Evidence[:i] {
			if e == h {
				f := problem("%v is there twice", "%v 重复", h)
				f.Field = "evidence"
				return f
			}
		}
	}
	return nil
}
