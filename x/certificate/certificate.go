package certificate

import (
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// certificate is all that the state has under one certificate.
type certificate struct {
	ref     rules.Ref
	details *rules.Details
	formers []*rules.Details // of the versions from 1 on
	records []*rules.Record  // from 1 on
	orders  []numberedOrder
	flags   []string // regulators that warn of it
}

type numberedOrder struct {
	record uint32
	Order
}

// load reads all of a certificate.
func load(r store.Reader, ref rules.Ref) (c *certificate, err error) {
	c = &certificate{ref: ref}
	if c.details, err = textOf(r, ref); err != nil {
		return nil, err
	}
	part := appendRef(nil, ref)
	err = records.ScanPart(r, part, nil, func(_ numbered, v *rules.Record) (bool, error) {
		c.records = append(c.records, v)
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	err = formers.ScanPart(r, part, nil, func(_ numbered, v *rules.Details) (bool, error) {
		c.formers = append(c.formers, v)
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	err = orders.ScanPart(r, part, nil, func(k numbered, v Order) (bool, error) {
		c.orders = append(c.orders, numberedOrder{k.n, v})
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	held, _, err := supervisions.Get(r, ref)
	c.flags = held.Flags
	return c, err
}

// head returns what the last record says.
func (c *certificate) head() *rules.Head { return &c.records[len(c.records)-1].After }

// supervision returns what the orders and flags of c add up to.
func (c *certificate) supervision() (s Supervision) {
	s.Flags = c.flags
	for _, o := range c.orders {
		if o.Closed == 0 {
			s.Orders = append(s.Orders, OpenOrder{o.record, o.Due})
		}
	}
	return s
}

// check holds the parts of c against each other and against the head.
func (c *certificate) check(h *rules.Head) error {
	if len(c.records) == 0 {
		return corrupt("%v has no record", c.ref)
	}
	if *h != *c.head() {
		return corrupt("the head of %v is not what its last record, %d, says", c.ref, len(c.records))
	}
	if err := c.checkHistory(); err != nil {
		return err
	}
	if err := h.Matches(c.details); err != nil {
		return corrupt("%v: %v", c.ref, err)
	}
	held := c.supervision()
	if held.apply(h.Standing) != h.Standing {
		return corrupt("%v: its orders and flags do not agree with its head", c.ref)
	}
	return c.checkOrders()
}

func (c *certificate) checkHistory() error {
	var before *rules.Record
	for i, r := range c.records {
		switch {
		case r.N != uint32(i)+1 || r.After.Ref != c.ref:
			return corrupt("record %d of %v is in the place of record %d of %v", r.N, r.After.Ref, i+1, c.ref)
		case r.After.Details != c.textOf(r.After.Version):
			return corrupt("record %d of %v: its details are not those of version %d", r.N, c.ref, r.After.Version)
		case before != nil && !c.follows(before, r):
			return corrupt("record %d of %v does not follow from the one before it", r.N, c.ref)
		case before == nil && r.After.Version != 1:
			return corrupt("%v begins with version %d", c.ref, r.After.Version)
		}
		before = r
	}
	if n := int(before.After.Version) - 1; len(c.formers) != n {
		return corrupt("%v has %d former texts, not %d", c.ref, len(c.formers), n)
	}
	return nil
}

// textOf returns the digest of the details of a version.
func (c *certificate) textOf(version uint32) (none [32]byte) {
	switch n := int(version) - 1; {
	case n >= 0 && n < len(c.formers):
		return rules.DigestDetails(c.formers[n])
	case n == len(c.formers):
		return rules.DigestDetails(c.details)
	}
	return none
}

// follows reports whether r can come after before.
func (c *certificate) follows(before, r *rules.Record) bool {
	a, b := &before.After, &r.After
	changes := a.Details != b.Details
	version := a.Version
	if changes || r.Action.Amends() {
		version++
	}
	switch {
	case r.From != a.Status, b.Family != a.Family, b.Version != version,
		changes != !r.DetailsBefore.IsZero(), changes && r.DetailsBefore != a.Details,
		r.Decided < before.Decided, r.Height < before.Height, r.Time.Before(before.Time):
		return false
	case r.Action == rules.Reverse:
		return r.Reverses > 1 && b.Standing == c.records[r.Reverses-2].After.Restore(a.Standing)
	}
	return true
}

func (c *certificate) checkOrders() error {
	filed, closed := 0, 0
	for _, r := range c.records {
		switch r.Action {
		case rules.Order:
			filed++
		case rules.CloseOrder:
			closed++
		default:
		}
	}
	for _, o := range c.orders {
		if o.record == 0 || int(o.record) > len(c.records) || int(o.Closed) > len(c.records) {
			return corrupt("order %d of %v has no record", o.record, c.ref)
		}
		r := c.records[o.record-1]
		if r.Action != rules.Order || r.Actor != o.Member || r.Decided != o.Filed {
			return corrupt("order %d of %v is not what its record says", o.record, c.ref)
		}
		filed--
		if o.Closed != 0 {
			if c.records[o.Closed-1].Action != rules.CloseOrder {
				return corrupt("record %d of %v does not close order %d", o.Closed, c.ref, o.record)
			}
			closed--
		}
	}
	if filed != 0 || closed != 0 {
		return corrupt("%v: records that file and close orders, less the orders: %d and %d", c.ref, filed, closed)
	}
	return nil
}

// index writes what follows from c.
func (c *certificate) index(rw store.ReadWriter) error {
	for i, d := range c.formers {
		if err := formers.Set(rw, numbered{c.ref, uint32(i) + 1}, d); err != nil {
			return err
		}
	}
	for _, o := range c.orders {
		if err := orders.Set(rw, numbered{c.ref, o.record}, o.Order); err != nil {
			return err
		}
		if o.Closed == 0 && !o.Overdue {
			if err := queue.Set(rw, orderDue(c.ref, o.record, o.Due), struct{}{}); err != nil {
				return err
			}
		}
	}
	held := c.supervision()
	if err := held.put(rw, c.ref); err != nil {
		return err
	}
	s := &step{after: *c.head(), text: c.details}
	for _, r := range c.records {
		if r.From != rules.None && !r.Link.IsZero() {
			s.record.Link = r.Link
		}
	}
	if err := c.ground(rw); err != nil {
		return err
	}
	return s.index(rw)
}
