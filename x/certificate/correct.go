package certificate

import (
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Correct puts an erratum right. The status stays, whatever it is; before and
// after are both kept: the head in the records, the text by its version.
func (m *Module) Correct(c *exec.Context, msg *certificatev1.Correct) error {
	r, err := parseGrounds(rules.Correct, msg)
	if err != nil {
		return err
	}
	var text *rules.Details
	if msg.GetDetails() != nil {
		if text, err = parseDetails(msg.GetDetails()); err != nil {
			return err
		}
	}
	issuer, err := m.body(c, msg.GetIssuer(), r.Action)
	if err != nil {
		return err
	}
	s, err := m.begin(c, rules.Ref{Issuer: issuer, Number: msg.GetNumber()}, r)
	if err != nil {
		return err
	}
	if s.oldText, err = textOf(c.Store, s.before.Ref); err != nil {
		return err
	}
	if s.text = text; text == nil {
		s.text = s.oldText
	}
	correctHead(&s.after, msg)
	if err := m.checkCorrection(c, s); err != nil {
		return err
	}
	return m.write(c, s)
}

// correctHead takes over what the message corrects.
func correctHead(h *rules.Head, msg *certificatev1.Correct) {
	for _, f := range []struct {
		to   *string
		from string
	}{{&h.Scheme, msg.GetScheme()}, {&h.Holder, msg.GetHolder()}} {
		if f.from != "" {
			*f.to = f.from
		}
	}
	for _, f := range []struct {
		to   *civil.Date
		from int32
	}{{&h.FirstIssued, msg.GetFirstIssued()}, {&h.Issued, msg.GetIssued()}, {&h.Expires, msg.GetExpires()}} {
		if f.from != 0 {
			*f.to = civil.Date(f.from)
		}
	}
}

func (m *Module) checkCorrection(c *exec.Context, s *step) error {
	h, was, decided := &s.after, s.before, s.record.Decided
	if *h == *was && rules.DigestDetails(s.text) == was.Details {
		return codeUnchanged.Refuse("%v", was.Ref)
	}
	if family, ok := rules.FamilyOf(h.Scheme); !ok || family != was.Family {
		return rules.CodeScheme.Refuse("%.20q is not of family %v", h.Scheme, was.Family)
	}
	if err := checkErratumOfIssue(c, s); err != nil {
		return err
	}
	if err := m.checkErratumOfBar(c, s); err != nil {
		return err
	}
	// An erratum must not be the way to a longer validity. What an import stated
	// or a renewal counted from the old last day may stay.
	if h.Expires > was.Expires || h.Issued < was.Issued {
		if err := rules.CheckValidity(h.Family, h.Issued, h.FirstIssued, h.Issued, h.Expires, 0); err != nil {
			return err
		}
	}
	if err := checkNewHolder(c, s); err != nil {
		return err
	}
	old := *s.oldText
	if h.Status.Live() && (h.Scheme != was.Scheme || h.Expires > was.Expires) {
		if err := m.approved(c, h.Scheme, decided); err != nil {
			return err
		}
	}
	if h.Scheme != was.Scheme && h.Status.Live() {
		old.Marks = nil // what backed them was for another scheme
	}
	return m.checkText(c, h, &old, s.text, decided)
}

// checkErratumOfIssue refuses a day of issue that is put after the day on which
// the certificate was filed: from a later one the longest validity would be
// counted anew, as if it was renewed.
func checkErratumOfIssue(c *exec.Context, s *step) error {
	if s.after.Issued <= s.before.Issued {
		return nil
	}
	first, err := recordOf(c.Store, s.before.Ref, 1)
	if err != nil {
		return err
	}
	if filed := civil.DateOf(first.Time); s.after.Issued > filed {
		return rules.CodeDateOrder.Refuse("issued on %v, filed on %v", s.after.Issued, filed)
	}
	return nil
}

// checkErratumOfBar refuses to take a bar that runs from the holder or the scope
// that it is about, and to put it on others, unless a regulator signs as well:
// otherwise a body could lift a bar by itself.
func (m *Module) checkErratumOfBar(c *exec.Context, s *step) error {
	was := derive(s.before)
	if was.barID.until < c.Today() || derive(&s.after).barID == was.barID {
		return nil
	}
	signed, err := m.regulatorSigned(c)
	if err == nil && !signed {
		err = codeRegulator.Refuse("%s is barred from %s until %v", s.before.Holder, was.barID.scope, was.barID.until)
	}
	return err
}
