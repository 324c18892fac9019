package trace

import (
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// CaptureEvents adds events to the chain of a product: all of the message, or
// none.
func (m *Module) CaptureEvents(c *exec.Context, msg *tracev1.CaptureEvents) error {
	if n := len(msg.GetEvents()); n == 0 || n > MaxEvents {
		return codeMalformed.Refuse("%d events, not 1 to %d", n, MaxEvents)
	}
	_, key, err := m.actor(c, exec.DutyOperator)
	if err != nil {
		return err
	}
	p, err := find(c.Store, msg.GetProduct())
	if err != nil {
		return err
	}
	if _, reports := slices.BinarySearch(p.Reporters, c.Actor); c.Actor != p.Owner && !reports {
		return codeReporter.Refuse("%s for %s", c.Actor, p.URI)
	}
	if p.Entries != msg.GetAfter() {
		return codeMoved.Refuse("%s has %d entries, not %d", p.URI, p.Entries, msg.GetAfter())
	}
	first := p.Entries + 1
	for i, raw := range msg.GetEvents() {
		if p, err = m.capture(c, p, key, i, raw); err != nil {
			return err
		}
	}
	if err := products.Set(c.Store, p.URI, p); err != nil {
		return err
	}
	c.Emit(EventCaptured, AttrProduct, p.URI, AttrEntry, decimal(first), AttrMember, c.Actor, AttrOwner, p.Owner, AttrCount, decimal(p.Entries-first+1))
	return nil
}

// capture adds event i of a message to the chain of p, whose record the caller
// writes.
func (m *Module) capture(c *exec.Context, p *Product, key [33]byte, i int, raw *tracev1.Event) (*Product, error) {
	event, err := eventFromProto(raw)
	if err == nil {
		err = event.check(p.URI)
	}
	switch {
	case err != nil:
		return nil, refuseEvent(i, err)
	case c.Time.Add(ahead).Before(event.Time):
		return nil, codeFuture.Refuse("event %d: at %v, the block is of %v", i, event.Time, c.Time.UTC())
	}
	at := occurrence{event.Hash, p.URI}
	if n, ok, err := hashes.Get(c.Store, at); err != nil {
		return nil, err
	} else if ok {
		return nil, codeTwice.Refuse("event %d: entry %d is %v", i, n, event.Hash)
	}
	next, err := add(c, p, key, &Entry{Event: event})
	if err != nil {
		return nil, err
	}
	if err := hashes.Set(c.Store, at, next.Entries); err != nil {
		return nil, err
	}
	if !event.Part.upstream() {
		return next, nil
	}
	return next, use(c, next, event.Others)
}

// refuseEvent is the refusal of event i for what check found.
func refuseEvent(i int, err error) error {
	code := &codeEvent
	switch {
	case errors.Is(err, errURI):
		code = &codeURI
	case errors.Is(err, errOthers):
		code = &codeOthers
	}
	return code.Refuse("event %d: %v", i, err)
}

// use tells the products that the last entry of p names that it does.
func use(c *exec.Context, p *Product, others []string) error {
	for _, uri := range others {
		key := products.Key(uri)
		record, ok, err := c.Store.Get(key)
		if err != nil {
			return err
		}
		if !ok {
			continue // of unknown origin; see the package comment
		}
		next, n, err := withUse(record)
		if err != nil {
			return corrupt("the record of %s: %v", uri, err)
		}
		if err := uses.Set(c.Store, numbered{uri, n}, Use{p.URI, p.Entries}); err != nil {
			return err
		}
		if err := c.Store.Set(key, next); err != nil {
			return err
		}
	}
	return nil
}

// withUse returns an encoded record with one more use, and how many there are then.
// It changes the last field alone: a record may have thousands of bytes, and the
// events of one block may name it a hundred thousand times.
func withUse(record []byte) (next []byte, n uint64, err error) {
	at := 0
	for at < len(record) {
		field, kind, size := protowire.ConsumeTag(record[at:])
		if size >= 0 && field == usesField {
			if n, size = protowire.ConsumeVarint(record[at+size:]); size >= 0 {
				break
			}
		}
		value := 0
		if size >= 0 {
			value = protowire.ConsumeFieldValue(field, kind, record[at+size:])
		}
		if size < 0 || value < 0 {
			return nil, 0, fmt.Errorf("its encoding is broken at byte %d", at)
		}
		at += size + value
	}
	n++
	next = append(make([]byte, 0, at+protowire.SizeTag(usesField)+protowire.SizeVarint(n)), record[:at]...)
	next = protowire.AppendTag(next, usesField, protowire.VarintType)
	return protowire.AppendVarint(next, n), n, nil
}

// usesField is the number of the last field of a record.
const usesField = 10
