package exec

import (
	"errors"
	"fmt"
)

// Code is a documented reason why a message or a transaction is refused. Each
// module declares its own, in its errors.go, within its range:
//
//	  1 –  99  transaction (x/tx)
//	100 – 199  member
//	200 – 299  governance
//	300 – 399  validator
//	400 – 499  certificate
//	500 – 599  evidence
//	600 – 699  trace
//	900 – 999  the node itself (app)
//
// A code never changes its meaning. docs/codes.md lists them all.
type Code struct {
	Number  uint32
	Name    string // snake case, stable, for programs
	English string // what was wrong, and what to do
	Chinese string
}

// Refuse returns a refusal with this code; detail, formatted as by
// fmt.Sprintf, says what exactly was wrong.
func (c *Code) Refuse(detail string, args ...any) *Refusal {
	return &Refusal{Code: c, Detail: fmt.Sprintf(detail, args...)}
}

// Refusal is an error that the submitter sees. Everything else that a handler
// returns is a fault.
type Refusal struct {
	Code   *Code
	Detail string
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("%s (%d): %s", r.Code.Name, r.Code.Number, r.Detail)
}

// AsRefusal returns the refusal that err is or wraps.
func AsRefusal(err error) (*Refusal, bool) {
	var r *Refusal
	ok := errors.As(err, &r)
	return r, ok
}

// Is reports whether err is a refusal with code c.
func (c *Code) Is(err error) bool {
	r, ok := AsRefusal(err)
	return ok && r.Code == c
}
