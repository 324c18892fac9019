package certificate

import (
	"slices"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Amend gives a certificate its next text.
func (m *Module) Amend(c *exec.Context, msg *certificatev1.Amend) error {
	action := rules.Action(msg.GetAction())
	if msg.GetAction() < 0 || int(msg.GetAction()) >= len(rights) || !action.Amends() {
		return codeMalformed.Refuse("action %d is no amendment", msg.GetAction())
	}
	r, err := parse(action, msg)
	if err != nil {
		return err
	}
	r.ChangeType, r.ReissueReason = msg.GetChangeType(), msg.GetReissueReason()
	text, err := parseDetails(msg.GetDetails())
	if err != nil {
		return err
	}

	issuer, err := m.body(c, msg.GetIssuer(), action)
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
	s.text = text
	if holder := msg.GetHolder(); holder != "" && holder != s.before.Holder {
		if action != rules.Name {
			return codePart.Refuse("%v: the code of the holder", action)
		}
		s.after.Holder = holder
	}
	if err := m.checkAmendment(c, s); err != nil {
		return err
	}
	return m.write(c, s)
}

func (m *Module) checkAmendment(c *exec.Context, s *step) error {
	action, decided := s.record.Action, s.record.Decided
	if err := checkParts(action, s.oldText, s.text); err != nil {
		return err
	}
	if s.after.Holder == s.before.Holder && rules.DigestDetails(s.text) == s.before.Details {
		return codeUnchanged.Refuse("%v", s.before.Ref)
	}
	if err := m.covered(c, action, s.before.Scheme, decided); err != nil {
		return err
	}
	if err := checkNewHolder(c, s); err != nil {
		return err
	}
	if action == rules.Extend {
		if err := checkOwnMain(c, s.before); err != nil {
			return err
		}
	}
	return m.checkText(c, &s.after, s.oldText, s.text, decided)
}

// checkNewHolder refuses to give a valid or suspended certificate to a holder,
// for a scheme, or for longer, where it could not be issued so.
func checkNewHolder(c *exec.Context, s *step) error {
	if err := rules.CheckHolder(s.after.Holder); err != nil {
		return err
	}
	same := rules.SameHolder(s.before.Holder, s.after.Holder) && s.before.Scheme == s.after.Scheme && s.after.Expires <= s.before.Expires
	if same || !s.after.Status.Live() {
		return nil
	}
	return notBarred(c.Store, &s.after, s.record.Decided)
}

// checkParts refuses an amendment that changes more of the text than its action
// may, or widens what it is to reduce. The free text of the scope cannot be
// judged; the codes beside it can.
func checkParts(action rules.Action, old, text *rules.Details) error {
	may := allowed(action, old, text)
	if rules.DigestDetails(&may) != rules.DigestDetails(text) {
		return codePart.Refuse("%v", action)
	}
	smaller, larger := text, old
	switch action {
	case rules.Reduce:
	case rules.Extend:
		smaller, larger = old, text
	default:
		return nil
	}
	for _, list := range []struct {
		name string
		ok   bool
	}{
		{"scope codes", within(smaller.ScopeCodes, larger.ScopeCodes)},
		{"models", within(smaller.Models, larger.Models)},
		{"GTINs", within(smaller.GTINs, larger.GTINs)},
		{"components", action == rules.Extend || within(smaller.Components, larger.Components)},
	} {
		if !list.ok {
			return codePart.Refuse("%v: %s go the other way", action, list.name)
		}
	}
	return nil
}

// allowed returns old with the parts of text that an amendment may change.
// Every one may bring a new document and evidence.
func allowed(action rules.Action, old, text *rules.Details) rules.Details {
	d := *old
	d.Document, d.Evidence = text.Document, text.Evidence
	switch action {
	case rules.Extend, rules.Reduce:
		d.ScopeChinese, d.ScopeEnglish, d.ScopeCodes = text.ScopeChinese, text.ScopeEnglish, text.ScopeCodes
		d.Models, d.GTINs, d.Components = text.Models, text.GTINs, text.Components
	case rules.Name:
		rename(&d.Holder, &text.Holder)
		rename(&d.Producer, &text.Producer)
		rename(&d.Factory, &text.Factory)
	case rules.Address:
		relocate(&d.Holder, &text.Holder)
		relocate(&d.Producer, &text.Producer)
		relocate(&d.Factory, &text.Factory)
	case rules.Model: // the scope of a product is its name
		d.ScopeChinese, d.ScopeEnglish = text.ScopeChinese, text.ScopeEnglish
		d.TradeMark, d.Models, d.GTINs, d.Components = text.TradeMark, text.Models, text.GTINs, text.Components
	case rules.Standard:
		d.Standards = text.Standards
	case rules.Particulars:
		d.Marks, d.Main, d.Components = text.Marks, text.Main, text.Components
	default:
	}
	return d
}

func rename(p, to *rules.Party) { p.NameChinese, p.NameEnglish = to.NameChinese, to.NameEnglish }

func relocate(p, to *rules.Party) {
	p.AddressChinese, p.AddressEnglish, p.Country, p.Region = to.AddressChinese, to.AddressEnglish, to.Country, to.Region
}

// within reports whether all of the first list are in the second. Each may have a
// thousand.
func within[T comparable](list, of []T) bool {
	in := make(map[T]bool, len(of))
	for _, e := range of {
		in[e] = true
	}
	return !slices.ContainsFunc(list, func(e T) bool { return !in[e] })
}
