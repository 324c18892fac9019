package member

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Grant is an approval of a certification body by the regulators, or an
// accreditation of a body by an accreditation body. What it once said stays; what
// becomes of it is added as steps. So what was in force on a day does not change
// once the day is over.
type Grant struct {
	By      string     `json:"by,omitempty"`   // who gave it; empty for an approval
	Mark    string     `json:"mark,omitempty"` // empty for an approval
	Number  string     `json:"number,omitempty"`
	Schemes []string   `json:"schemes"` // item codes or their beginnings
	From    civil.Date `json:"-"`
	Until   civil.Date `json:"-"` // the last day
	Act     Act        `json:"act,omitzero"`
	Steps   []Step     `json:"-"` // by date, ascending
}

// Step is what became of a grant from the beginning of a day on.
type Step struct {
	Kind    StepKind   `json:"kind"`
	Date    civil.Date `json:"-"`
	Schemes []string   `json:"schemes,omitempty"` // that a restriction takes out
	Reason  string     `json:"reason"`
	Act     Act        `json:"act"`
}

// StepKind is what a step does. The numbers are those of the protobuf
// enumeration.
type StepKind uint8

// The kinds.
const (
	StepRestrict  StepKind = 1 // approvals
	StepSuspend   StepKind = 2 // accreditations
	StepReinstate StepKind = 3 // accreditations
	StepEnd       StepKind = 4
)

var stepNames = []string{"unknown", "restrict", "suspend", "reinstate", "end"}

// String returns the name of the kind.
func (k StepKind) String() string { return nameOf(stepNames, k) }

// MarshalText implements encoding.TextMarshaler with the name.
func (k StepKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *StepKind) UnmarshalText(text []byte) (err error) {
	*k, err = named[StepKind](stepNames, text)
	return err
}

const (
	maxSchemes = 100 // of one grant or step
	maxSteps   = 100 // of one grant; it can always be reinstated and ended
	maxGrants  = 250 // that name one scheme of one body with one mark
)

// isScheme reports whether s is an item code: up to three letters of the kind of
// certification and up to three pairs of digits that go from the general to the
// special, as A010101, CCC07; one of the two may be missing.
func isScheme(s string) bool {
	digits := strings.TrimLeft(s, capitals)
	letters := len(s) - len(digits)
	return s != "" && letters <= 3 && len(digits) <= 6 && len(digits)%2 == 0 && strings.Trim(digits, "0123456789") == ""
}

const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// prefixes returns scheme and each beginning of it that a grant could name, the
// longest first; none if it is not an item code.
func prefixes(scheme string) (list []string) {
	if !isScheme(scheme) {
		return nil
	}
	letters := len(scheme) - len(strings.TrimLeft(scheme, capitals))
	list = make([]string, 0, 4)
	for n := len(scheme); n > 0 && n >= letters; n -= 2 {
		list = append(list, scheme[:n])
	}
	return list
}

// within reports whether scheme is one of the list or lies below one.
func within(list []string, scheme string) bool {
	return slices.ContainsFunc(prefixes(scheme), func(p string) bool { return slices.Contains(list, p) })
}

// InForce reports whether g covers the scheme at the end of the day.
func (g *Grant) InForce(scheme string, on civil.Date) bool {
	return g.From <= on && on <= g.Until && !g.suspended(on) && g.names(scheme, on)
}

// names reports whether g names the scheme on the day and had not been ended.
func (g *Grant) names(scheme string, on civil.Date) bool {
	for _, s := range g.Steps {
		if s.Date <= on && (s.Kind == StepEnd || s.Kind == StepRestrict && within(s.Schemes, scheme)) {
			return false
		}
	}
	return within(g.Schemes, scheme)
}

// suspended reports whether g is suspended at the end of the day.
func (g *Grant) suspended(on civil.Date) (is bool) {
	for _, s := range g.Steps {
		if s.Date <= on && s.Kind != StepRestrict {
			is = s.Kind == StepSuspend
		}
	}
	return is
}

// state is where g stands at the end of the day: "in force" (also if it is yet
// to begin), "suspended", "expired" or "ended".
func (g *Grant) state(on civil.Date) string {
	switch {
	case len(g.Steps) > 0 && g.Steps[len(g.Steps)-1].Kind == StepEnd:
		return "ended"
	case on > g.Until:
		return "expired"
	case g.suspended(on):
		return "suspended"
	}
	return "in force"
}

// may reports whether a step is legal for g on the day.
func (g *Grant) may(kind StepKind, on civil.Date) bool {
	approval := g.Mark == ""
	switch state := g.state(on); kind {
	case StepRestrict:
		return approval && state == "in force"
	case StepSuspend:
		return !approval && state == "in force"
	case StepReinstate:
		return !approval && state == "suspended"
	case StepEnd:
		return state == "in force" || state == "suspended"
	}
	return false
}

// checkSchemes returns what is wrong with a list of schemes, nil if nothing is.
func checkSchemes(schemes []string) error {
	if len(schemes) == 0 || len(schemes) > maxSchemes {
		return fmt.Errorf("%d schemes, want 1 to %d", len(schemes), maxSchemes)
	}
	for i, s := range schemes {
		if !isScheme(s) {
			return fmt.Errorf("%.20q is no item code, such as A010101, nor the beginning of one", s)
		}
		if slices.Contains(schemes[:i], s) {
			return fmt.Errorf("%s stands in the list twice", s)
		}
	}
	return nil
}

// checkPeriod returns what is wrong with the days of a grant, nil if nothing is.
func checkPeriod(from, until civil.Date) error {
	if !from.Valid() || !until.Valid() || from > until {
		return errors.New("the first and the last day are dates, in this order")
	}
	return nil
}
