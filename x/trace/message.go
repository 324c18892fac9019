package trace

import tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"

// CheckProduct reports what is wrong with a product as it would be registered:
// what the ledger refuses without looking at its state.
func CheckProduct(p *Product) error {
	if err := checkURI(p.URI); err != nil {
		return codeURI.Refuse("%v", err)
	}
	if err := p.check(); err != nil {
		return codeMalformed.Refuse("%v", err)
	}
	return nil
}

// CheckEvent reports what is wrong with an event of a product, likewise. Whether it
// is of the future, the time of the block says.
func CheckEvent(product string, e *Event) error {
	if err := e.check(product); err != nil {
		return refuseEvent(0, err)
	}
	return nil
}

// EventMessage is an event as a message has it.
func EventMessage(e *Event) *tracev1.Event { return eventToProto(e) }
