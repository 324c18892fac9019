package tx

import (
	"context"
	"errors"

	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Handler does what one message says: app's dispatch. See package exec.
type Handler func(c *exec.Context, m *txv1.Message) error

// Result is what became of one message: nil and what it changed, or its refusal
// and no events.
type Result struct {
	Refusal *exec.Refusal
	Events  []exec.Event
}

// Deliver is the only way in which a transaction changes the state: it
// authenticates t against rw as it is now, spends its nonce, takes its quota,
// and runs its messages; what one that is refused wrote is discarded. If rw is a
// branch, it is written to directly, and goes back where something is discarded;
// else what is kept is written to it at the end.
//
//	error    results          rw has
//	nil      one per message  the nonce, what messages that were not refused wrote
//	refusal  nil              nothing, if t was not authenticated; the nonce, if over quota
//	refusal  one per message  the nonce: mode “all”, and a message was refused, with this refusal
//	fault    nil              nothing
//
// exec.AsRefusal tells a refusal from a fault. Messages count in the quota
// whether or not they are refused, since they have cost the work; those of a
// transaction that faults do not.
//
// What the state said of the signers' keys before the first message holds for
// all: a message that ends a key does not stop those after it in the same
// transaction, which the same persons signed as a whole. No handler looks a
// signer's key up again. What the actor is, its standing and its roles, each
// handler reads anew.
func (a *Authenticator) Deliver(ctx context.Context, rw store.ReadWriter, b exec.Block, limits Limits, quota *Quota, t *Tx, do Handler) ([]Result, error) {
	auth, err := a.Authenticate(ctx, rw, b, limits, t)
	if err != nil {
		return nil, err
	}
	state, ok := rw.(*store.Branch) // of a block
	if !ok {
		state = store.NewBranch(rw)
	}
	begin := state.Mark()
	results, err := a.execute(state, b, quota, auth, do)
	if _, refused := exec.AsRefusal(err); err != nil && !refused {
		return nil, errors.Join(err, state.Rollback(begin))
	}
	if !ok {
		if err := state.Write(); err != nil {
			return nil, err
		}
	}
	return results, err
}

// execute is Deliver from the nonce on; after a fault the caller goes back.
func (a *Authenticator) execute(state *store.Branch, b exec.Block, quota *Quota, auth *Authenticated, do Handler) ([]Result, error) {
	if err := auth.Spend(state); err != nil {
		return nil, err
	}
	if refusal := quota.Take(auth); refusal != nil {
		return nil, refusal
	}
	results := make([]Result, len(auth.Tx().body.Messages))
	spent := state.Mark()
	failed, err := auth.admitted.run(state, b, do, results)
	if err == nil && failed != nil {
		if err = state.Rollback(spent); err == nil {
			return results, failed
		}
	}
	if err != nil {
		quota.Return(auth)
		return nil, err
	}
	return results, nil
}

// run runs the messages in order and fills in results. In mode “all” it stops
// at the first refusal and returns it; what those before it wrote is for the
// caller to discard. An error is a fault.
func (a *Admitted) run(state *store.Branch, b exec.Block, do Handler, results []Result) (failed *exec.Refusal, err error) {
	t := a.tx
	for i, m := range t.body.Messages {
		before := state.Mark()
		c := &exec.Context{Block: b, Store: state, TxID: t.id, Index: i, Actor: m.Actor, Signers: a.signersOf(i)}
		if err := do(c, m); err != nil {
			refusal, ok := exec.AsRefusal(err)
			if !ok {
				return nil, err
			}
			if err := state.Rollback(before); err != nil {
				return nil, err
			}
			results[i] = Result{Refusal: refusal}
			if t.body.Mode == txv1.Mode_MODE_ALL {
				abandon(results, i)
				return refusal, nil
			}
			continue
		}
		results[i] = Result{Events: c.Events()}
	}
	return nil, nil
}

// abandon says of all messages but the one refused that they were not done.
func abandon(results []Result, refused int) {
	for i := range results {
		if i != refused {
			results[i] = Result{Refusal: codeNotDone.Refuse("message %d was refused", refused)}
		}
	}
}
