package certificate

import (
	"slices"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// MaxOpenOrders bounds the open orders on one certificate.
const MaxOpenOrders = 16

// FileOrder orders the body to deal with a certificate by a day. The status
// stays; after that day the certificate carries the flag order-overdue until the
// order is closed.
func (m *Module) FileOrder(c *exec.Context, msg *certificatev1.FileOrder) error {
	r, err := parseGrounds(rules.Order, msg)
	if err != nil {
		return err
	}
	due := civil.Date(msg.GetDue())
	if !due.Valid() || due < c.Today() {
		return rules.CodeDateOrder.Refuse("to be done by %v, today is %v", due, c.Today())
	}
	s, held, err := m.supervise(c, msg.GetIssuer(), msg.GetNumber(), r)
	if err != nil {
		return err
	}
	if len(held.Orders) >= MaxOpenOrders {
		return codeOrders.Refuse("%d on %v", len(held.Orders), s.before.Ref)
	}
	n := s.before.Records + 1 // of the record that files it
	held.Orders = append(slices.Clone(held.Orders), OpenOrder{n, due})
	if err := orders.Set(c.Store, numbered{s.before.Ref, n}, Order{Member: c.Actor, Filed: r.Decided, Due: due}); err != nil {
		return err
	}
	if err := queue.Set(c.Store, orderDue(s.before.Ref, n, due), struct{}{}); err != nil {
		return err
	}
	return m.hold(c, s, held)
}

// CloseOrder closes an order: the body has complied, or it is withdrawn.
func (m *Module) CloseOrder(c *exec.Context, msg *certificatev1.CloseOrder) error {
	r, err := parse(rules.CloseOrder, msg)
	if err != nil {
		return err
	}
	s, held, err := m.supervise(c, msg.GetIssuer(), msg.GetNumber(), r)
	if err != nil {
		return err
	}
	ref, n := s.before.Ref, msg.GetOrder()
	i := slices.IndexFunc(held.Orders, func(o OpenOrder) bool { return o.Record == n })
	if i < 0 {
		return codeOrder.Refuse("order %d on %v", n, ref)
	}
	order, ok, err := orders.Get(c.Store, numbered{ref, n})
	if err != nil {
		return err
	}
	if !ok {
		return corrupt("there is no order %d on %v", n, ref)
	}
	if err := m.theirs(c, order.Member); err != nil {
		return err
	}
	order.Closed = s.before.Records + 1
	held.Orders = slices.Delete(slices.Clone(held.Orders), i, i+1)
	if err := orders.Set(c.Store, numbered{ref, n}, order); err != nil {
		return err
	}
	if err := queue.Delete(c.Store, orderDue(ref, n, order.Due)); err != nil {
		return err
	}
	return m.hold(c, s, held)
}

// orderDue is the entry of the queue for the deadline of an order.
func orderDue(ref rules.Ref, n uint32, until civil.Date) due {
	return due{until.AddDays(1), dueOrder, ref, n}
}

// supervise begins an act of a regulator, with what regulators hold against the
// certificate.
func (m *Module) supervise(c *exec.Context, issuer, number string, r rules.Record) (*step, Supervision, error) {
	if _, err := m.actor(c, r.Action); err != nil {
		return nil, Supervision{}, err
	}
	s, err := m.begin(c, rules.Ref{Issuer: issuer, Number: number}, r)
	if err != nil {
		return nil, Supervision{}, err
	}
	held, _, err := supervisions.Get(c.Store, s.before.Ref)
	return s, held, err
}

// hold ends an act of a regulator, after which held is what they hold against
// the certificate.
func (m *Module) hold(c *exec.Context, s *step, held Supervision) error {
	if err := held.put(c.Store, s.before.Ref); err != nil {
		return err
	}
	s.after.Standing = held.apply(s.before.Standing)
	return m.write(c, s)
}

// theirs refuses to take back what another regulator gave, as long as that is
// one.
func (m *Module) theirs(c *exec.Context, giver string) error {
	if giver == c.Actor {
		return nil
	}
	member, _, err := m.members.Member(c.Store, giver)
	if err == nil && member.has(RoleRegulator) {
		err = codeNotTheirs.Refuse("%s gave it", giver)
	}
	return err
}
