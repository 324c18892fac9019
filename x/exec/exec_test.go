package exec

import (
	"errors"
	"fmt"
	"testing"
)

func TestFourEyes(t *testing.T) {
	key := func(b byte) (k [33]byte) { k[0] = b; return k }
	for _, c := range []struct {
		name    string
		signers []Signer
		want    bool
	}{
		{"nobody", nil, false},
		{"certifier alone", []Signer{{"cb", key(1), DutyCertifier, "a"}}, false},
		{"two certifiers", []Signer{{"cb", key(1), DutyCertifier, "a"}, {"cb", key(2), DutyCertifier, "b"}}, false},
		{"one person with two keys", []Signer{{"cb", key(1), DutyCertifier, "a"}, {"cb", key(2), DutyApprover, "a"}}, false},
		{"one key with two duties", []Signer{{"cb", key(1), DutyCertifier, "a"}, {"cb", key(1), DutyApprover, "b"}}, false},
		{"another body's approver", []Signer{{"cb", key(1), DutyCertifier, "a"}, {"other", key(2), DutyApprover, "b"}}, false},
		{"admin instead of approver", []Signer{{"cb", key(1), DutyCertifier, "a"}, {"cb", key(2), DutyAdmin, "b"}}, false},
		{"certifier and approver", []Signer{{"cb", key(1), DutyCertifier, "a"}, {"cb", key(2), DutyApprover, "b"}}, true},
		{"the second certifier fits", []Signer{{"cb", key(3), DutyCertifier, "b"}, {"cb", key(1), DutyCertifier, "a"}, {"cb", key(2), DutyApprover, "b"}}, true},
	} {
		if got := (&Context{Actor: "cb", Signers: c.signers}).FourEyes(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestRefusal(t *testing.T) {
	code, other := &Code{Number: 7, Name: "seven"}, &Code{Number: 7, Name: "seven"}
	err := fmt.Errorf("message 3: %w", code.Refuse("%d is too much", 5))
	if !code.Is(err) || other.Is(err) || code.Is(errors.New("fault")) {
		t.Error("a refusal is told by its code alone")
	}
	if r, ok := AsRefusal(err); !ok || r.Error() != "seven (7): 5 is too much" {
		t.Errorf("refusal %v", r)
	}
}

func TestEvents(t *testing.T) {
	c := new(Context)
	c.Emit("certificate.issued", "number", "1", "issuer", "2")
	if len(c.Events()) != 1 || len(c.Events()[0].Attributes) != 2 || c.Events()[0].Attributes[1] != (Attribute{"issuer", "2"}) {
		t.Errorf("events %v", c.Events())
	}
}
