package governance

import (
	"fmt"
	"time"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// ImportWindow lets a certification body import certificates while the block
// time, in Unix seconds, is within [From, Until).
type ImportWindow struct {
	From, Until int64
	MaxRecords  uint64
}

// validateOpenImportWindow checks what can be checked without state.
func validateOpenImportWindow(a *governancev1.OpenImportWindow) error {
	switch {
	case !isSlug(a.GetBody()):
		return codeMalformed.Refuse("%.50q is not the id of a member", a.GetBody())
	case a.From < 0 || a.Until <= a.From:
		return codeMalformed.Refuse("from %d until %d is no time", a.From, a.Until)
	case a.MaxRecords == 0:
		return codeMalformed.Refuse("a window for no records")
	}
	return nil
}

// ApplyOpenImportWindow opens a window for a body. Whether the member is a
// certification body that may file certificates is looked at when it imports.
func (m *Module) ApplyOpenImportWindow(c *exec.Context, a *governancev1.OpenImportWindow) error {
	if err := validateOpenImportWindow(a); err != nil {
		return err
	}
	p, err := m.Params(c.Store)
	if err != nil {
		return err
	}
	w := ImportWindow{a.From, a.Until, a.MaxRecords}
	switch {
	case w.Until <= c.Time.Unix():
		return codeImportWindow.Refuse("it ended at %d", w.Until)
	case uint64(w.Until-w.From) > p.MaxImportSeconds:
		return codeImportWindow.Refuse("%d seconds, more than %d", w.Until-w.From, p.MaxImportSeconds)
	case w.MaxRecords > p.MaxImportRecords:
		return codeImportWindow.Refuse("%d records, more than %d", w.MaxRecords, p.MaxImportRecords)
	}
	err = windows.ScanPart(c.Store, store.AppendText(nil, a.Body), nil, func(k windowKey, o ImportWindow) (bool, error) {
		if w.From < o.Until && o.From < w.Until {
			return false, codeImportWindow.Refuse("window %d of %s is open from %d until %d", k.number, k.body, o.From, o.Until)
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	number, err := next(c.Store, lastWindow)
	if err != nil {
		return err
	}
	c.Emit(EventImportWindow,
		AttrBody, a.Body, AttrWindow, fmt.Sprint(number), AttrFrom, fmt.Sprint(w.From),
		AttrUntil, fmt.Sprint(w.Until), AttrRecords, fmt.Sprint(w.MaxRecords))
	return windows.Set(c.Store, windowKey{a.Body, number}, w)
}

// ImportWindow returns the window in which the body may import at a block time:
// its number, which no other window ever has, and how many certificates may be
// imported in it altogether.
func (m *Module) ImportWindow(r store.Reader, body string, at time.Time) (number, quota uint64, open bool, err error) {
	err = windows.ScanPart(r, store.AppendText(nil, body), nil, func(k windowKey, w ImportWindow) (bool, error) {
		if t := at.Unix(); w.From <= t && t < w.Until {
			number, quota, open = k.number, w.MaxRecords, true
		}
		return !open, nil
	})
	return number, quota, open, err
}
