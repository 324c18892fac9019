package certificate

import (
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// EndBlock records what time alone has done: certificates that have run out,
// suspensions and deadlines of orders that have passed. The oldest come first, at
// most as many as the parameter says; the rest waits for the next block. Nobody
// has to wait for it: rules.Effective says the same before and after.
//
// If nothing is due it writes nothing.
func (m *Module) EndBlock(c *exec.Context) error {
	limit, err := m.params.SweepPerBlock(c.Store)
	if err != nil {
		return err
	}
	list, err := dueBy(c.Store, c.Today(), limit)
	if err != nil {
		return err
	}
	for _, d := range list {
		if err := m.sweep(c, d); err != nil {
			return err
		}
	}
	return nil
}

// dueBy returns the first entries of the queue that are due on the day.
func dueBy(r store.Reader, today civil.Date, limit uint64) (list []due, err error) {
	err = queue.Scan(r, func(d due, _ struct{}) (bool, error) {
		if d.day > today || uint64(len(list)) >= limit {
			return false, nil
		}
		list = append(list, d)
		return true, nil
	})
	return list, err
}

// sweep does one entry of the queue. Each stands for exactly one act, and the
// one that comes first for a certificate is due first.
func (m *Module) sweep(c *exec.Context, d due) error {
	if d.kind == dueOrder {
		return m.orderOverdue(c, d)
	}
	h, ok, err := heads.Get(c.Store, d.ref)
	if err != nil {
		return err
	}
	if !ok {
		return corrupt("%v is in the queue, but not there", d.ref)
	}
	decided, err := lastDecided(c.Store, h)
	if err != nil {
		return err
	}
	next, _, err := m.chainAct(c, h, decided)
	if err == nil && next == nil {
		err = corrupt("%v is in the queue for %v, but nothing is due", d.ref, d.day)
	}
	return err
}

// orderOverdue notes that the deadline of an open order has passed.
func (m *Module) orderOverdue(c *exec.Context, d due) error {
	order, ok, err := orders.Get(c.Store, numbered{d.ref, d.n})
	if err != nil {
		return err
	}
	if !ok || order.Closed != 0 || order.Overdue {
		return corrupt("order %d on %v is in the queue, but not open", d.n, d.ref)
	}
	order.Overdue = true
	if err := orders.Set(c.Store, numbered{d.ref, d.n}, order); err != nil {
		return err
	}
	c.Emit(EventOrderOverdue, AttrIssuer, d.ref.Issuer, AttrNumber, d.ref.Number,
		AttrOrder, decimal(d.n), AttrMember, order.Member, AttrDue, order.Due.String())
	return queue.Delete(c.Store, d)
}
