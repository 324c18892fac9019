package certificate

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// maxSuccession bounds the renewals and transfers that a component is followed
// through. Five decades of renewals fit.
const maxSuccession = 16

// checkText refuses the text d of h, which old (nil for none) was before: if it
// is malformed, or claims what nothing backs. What it claimed before is not
// asked for again.
func (m *Module) checkText(c *exec.Context, h *rules.Head, old, d *rules.Details, on civil.Date) error {
	if err := d.Check(h.Family, h.Ref); err != nil {
		return err
	}
	if old == nil {
		old = &rules.Details{}
	}
	for _, mark := range d.Marks {
		if slices.Contains(old.Marks, mark) {
			continue
		}
		ok, err := m.backed(c, mark, h.Scheme, on)
		if err != nil {
			return err
		}
		if !ok {
			return codeMarks.Refuse("mark %s of %s for %s on %v", mark, c.Actor, h.Scheme, on)
		}
	}
	if d.Main != old.Main {
		if err := checkMain(c, h.Ref, d.Main); err != nil {
			return err
		}
	}
	// One that was replaced is not followed to what it became: two hundred of
	// them, each through many renewals, would cost a hundred times what others do.
	for _, r := range d.Components {
		if slices.Contains(old.Components, r) {
			continue
		}
		h, ok, err := heads.Get(c.Store, r)
		if err != nil {
			return err
		}
		if !ok || rules.Effective(h.Standing, c.Time, rules.Facts{}).Status != rules.Valid {
			return codeComponentInvalid.Refuse("%v", r)
		}
	}
	return nil
}

// checkMain refuses a main certificate that is not valid, of another body, or a
// sub-certificate itself. None is in order.
func checkMain(c *exec.Context, sub, main rules.Ref) error {
	if main.IsZero() {
		return nil
	}
	h, ok, err := heads.Get(c.Store, main)
	if err != nil {
		return err
	}
	if !ok || main.Issuer != sub.Issuer || h.Flags&rules.FlagSub != 0 ||
		rules.Effective(h.Standing, c.Time, rules.Facts{}).Status != rules.Valid {
		return codeMainInvalid.Refuse("%v of %v", main, sub)
	}
	return nil
}

// checkOwnMain is checkMain for an existing certificate that is to be valid
// again, or for more.
func checkOwnMain(c *exec.Context, h *rules.Head) error {
	if h.Flags&rules.FlagSub == 0 {
		return nil
	}
	d, err := textOf(c.Store, h.Ref)
	if err != nil {
		return err
	}
	return checkMain(c, h.Ref, d.Main)
}

// textOf returns the present details of an existing certificate.
func textOf(r store.Reader, ref rules.Ref) (*rules.Details, error) {
	d, ok, err := texts.Get(r, ref)
	if err == nil && !ok {
		err = corrupt("%v has no details", ref)
	}
	return d, err
}

// current returns the head of a certificate, or of what has replaced it by
// renewal or transfer, nil if the ledger does not have it.
func current(r store.Reader, ref rules.Ref) (*rules.Head, error) {
	h, ok, err := Head(r, ref)
	for range maxSuccession {
		if err != nil || !ok {
			return nil, err
		}
		if h.Flags&rules.FlagReplaced == 0 || h.Status == rules.Annulled {
			break
		}
		if ref, ok, err = successors.Get(r, ref); err != nil || !ok {
			return nil, err
		}
		h, ok, err = Head(r, ref)
	}
	return h, err
}
