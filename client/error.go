package client

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

var (
	// ErrNoAnswer: no node gave an answer that can be used. Check the addresses
	// and try again.
	ErrNoAnswer = errors.New("no node answers")

	// ErrUncertain: a transaction was sent, and no node says whether it arrived.
	// Wait for its id before another is made; to submit the same one again does
	// no harm.
	ErrUncertain = errors.New("it is not certain whether the transaction arrived")

	// ErrNotReady: nodes answer, but all are catching up or behind. Try again
	// later.
	ErrNotReady = errors.New("no node is up to date, so none is written to")

	// ErrChain: a node is of another chain than the others, or than was asked
	// for. Correct the addresses.
	ErrChain = errors.New("the node is of another chain")
)

// Error is a definite answer of a node that is not what was asked for.
type Error struct {
	Node    string // address
	Status  int    // of HTTP
	Problem api.Problem
}

func (e *Error) Error() string {
	if r := e.Problem.Refusal; r != nil {
		return fmt.Sprintf("%s (%d): %s", r.Name, r.Code, r.Detail)
	}
	text := e.Problem.Title
	if text == "" {
		text = http.StatusText(e.Status)
	}
	if e.Problem.Detail != "" {
		text += ": " + e.Problem.Detail
	}
	if len(e.Problem.Errors) > 0 {
		text += " (" + strings.Join(e.Problem.Errors, "; ") + ")"
	}
	return fmt.Sprintf("%s (%d from %s)", text, e.Status, e.Node)
}

// NotFound reports whether err is a node's answer that there is no such thing.
func NotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusNotFound
}

// RefusalOf returns why the ledger refused, if err says that, from a node or
// from the checks made here.
func RefusalOf(err error) (*api.Refusal, bool) {
	var e *Error
	if errors.As(err, &e) && e.Problem.Refusal != nil {
		return e.Problem.Refusal, true
	}
	if r, ok := exec.AsRefusal(err); ok {
		return &api.Refusal{
			Code: r.Code.Number, Name: r.Code.Name, Text: api.Text{En: r.Code.English, Zh: r.Code.Chinese}, Detail: r.Detail,
		}, true
	}
	return nil, false
}

// NonceUsed reports whether err is the refusal of a nonce that the key has used:
// by another transaction, since Submit has looked whether it was this one.
func NonceUsed(err error) bool {
	r, ok := RefusalOf(err)
	return ok && r.Name == "tx_nonce_used"
}
