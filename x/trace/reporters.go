package trace

import (
	"slices"

	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// SetReporters replaces the members that may report beside the owner: it is the
// owner's consent, and takes it back.
func (m *Module) SetReporters(c *exec.Context, msg *tracev1.SetReporters) error {
	p, _, key, err := m.own(c, msg.GetProduct())
	if err != nil {
		return err
	}
	list := msg.GetReporters()
	if err := checkReporters(list, p.Owner); err != nil {
		return codeMalformed.Refuse("%v", err)
	}
	if slices.Equal(list, p.Reporters) {
		return codeUnchanged.Refuse("these are the reporters of %s", p.URI)
	}
	var added []string
	for _, id := range list {
		if _, was := slices.BinarySearch(p.Reporters, id); !was {
			added = append(added, id)
		}
	}
	if err := m.checkMembers(c.Store, added); err != nil {
		return err
	}
	next, err := put(c, p, key, &Entry{Reporters: &ReporterChange{list}})
	if err != nil {
		return err
	}
	c.Emit(EventReporters, AttrProduct, p.URI, AttrEntry, decimal(next.Entries), AttrMember, c.Actor, AttrOwner, p.Owner)
	return nil
}
