package tx

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func nothing(*exec.Context, *txv1.Message) error { return nil }

var (
	codeTest = exec.Code{Number: 400, Name: "test"}
	errFault = errors.New("fault")
)

// scripted is a handler that writes, emits, and then ends as its script says for
// the message.
func scripted(script []error) Handler {
	return func(c *exec.Context, m *txv1.Message) error {
		k := fmt.Appendf(nil, "\x08%d", c.Index)
		if err := c.Store.Set(k, []byte(c.Actor)); err != nil {
			return err
		}
		last, _, err := c.Store.Get([]byte("\x08last")) // sees what those before it wrote
		if err != nil {
			return err
		}
		c.Emit("done", "after", string(last))
		if err := c.Store.Set([]byte("\x08last"), k[1:]); err != nil {
			return err
		}
		return script[c.Index]
	}
}

func TestDeliver(t *testing.T) {
	no := codeTest.Refuse("no")
	wrapped := fmt.Errorf("row: %w", no)
	for _, c := range []struct {
		name   string
		mode   txv1.Mode
		script []error
		code   *exec.Code // of the whole
		fault  bool
		done   []int // messages with effect
		codes  []*exec.Code
	}{
		{"each", txv1.Mode_MODE_EACH, []error{nil, nil, nil}, nil, false, []int{0, 1, 2}, []*exec.Code{nil, nil, nil}},
		{"all", txv1.Mode_MODE_ALL, []error{nil, nil, nil}, nil, false, []int{0, 1, 2}, []*exec.Code{nil, nil, nil}},
		{"each, middle refused", txv1.Mode_MODE_EACH, []error{nil, wrapped, nil}, nil, false, []int{0, 2}, []*exec.Code{nil, &codeTest, nil}},
		{"all, middle refused", txv1.Mode_MODE_ALL, []error{nil, wrapped, nil}, &codeTest, false, nil, []*exec.Code{&codeNotDone, &codeTest, &codeNotDone}},
		{"all, first refused", txv1.Mode_MODE_ALL, []error{no, nil, nil}, &codeTest, false, nil, []*exec.Code{&codeTest, &codeNotDone, &codeNotDone}},
		{"all, last refused", txv1.Mode_MODE_ALL, []error{nil, nil, no}, &codeTest, false, nil, []*exec.Code{&codeNotDone, &codeNotDone, &codeTest}},
		{"each refused", txv1.Mode_MODE_EACH, []error{no, no, no}, nil, false, nil, []*exec.Code{&codeTest, &codeTest, &codeTest}},
		{"each, fault", txv1.Mode_MODE_EACH, []error{nil, no, errFault}, nil, true, nil, nil},
		{"all, fault", txv1.Mode_MODE_ALL, []error{nil, errFault, no}, nil, true, nil, nil},
		{"all, refused before the fault", txv1.Mode_MODE_ALL, []error{nil, no, errFault}, &codeTest, false, nil, []*exec.Code{&codeNotDone, &codeTest, &codeNotDone}},
	} {
		for _, branch := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, on a branch %v", c.name, branch), func(t *testing.T) {
				a, r := newAuthenticator(), state(t)
				b := body(t)
				b.Mode = c.mode
				b.Messages = append(b.Messages, b.Messages[0])
				before, quota := r.Root(), NewQuota(10)
				x := decoded(t, b)
				rw := store.ReadWriter(r)
				if branch {
					rw = store.NewBranch(r)
				}
				results, err := a.Deliver(t.Context(), rw, block, limits, quota, x, scripted(c.script))
				if b, ok := rw.(*store.Branch); ok {
					if err := b.Write(); err != nil {
						t.Fatal(err)
					}
				}

				if c.fault {
					if !errors.Is(err, errFault) || results != nil || r.Root() != before || quota.Used("cb")+quota.Used("lab") != 0 {
						t.Errorf("%v, %v, used %d", results, err, quota.Used("cb"))
					}
					return
				}
				wants(t, err, c.code)
				if quota.Used("cb") != 2 || quota.Used("lab") != 1 {
					t.Errorf("quota: %d, %d", quota.Used("cb"), quota.Used("lab"))
				}
				last := ""
				for i, res := range results {
					if (res.Refusal == nil) != (c.codes[i] == nil) || res.Refusal != nil && res.Refusal.Code != c.codes[i] {
						t.Errorf("message %d: %v", i, res.Refusal)
					}
					v, ok, _ := r.Get(fmt.Appendf(nil, "\x08%d", i))
					done := slices.Contains(c.done, i)
					if ok != done || (len(res.Events) == 1) != done {
						t.Errorf("message %d: written %v, %d events", i, ok, len(res.Events))
					}
					if !done {
						continue
					}
					if string(v) != b.Messages[i].Actor || res.Events[0].Attributes[0].Value != last {
						t.Errorf("message %d: %q, %v", i, v, res.Events)
					}
					last = fmt.Sprint(i)
				}
				// The nonce is spent, once.
				root := r.Root()
				_, err = a.Deliver(t.Context(), r, block, limits, quota, x, nothing)
				wants(t, err, &codeNonceUsed)
				if r.Root() != root || root == before {
					t.Error("the nonce")
				}
			})
		}
	}
}

func TestContextOfAMessage(t *testing.T) {
	a, r, x := newAuthenticator(), state(t), decoded(t, body(t))
	var n int
	_, err := a.Deliver(t.Context(), r, block, limits, NewQuota(9), x, func(c *exec.Context, m *txv1.Message) error {
		if c.Block != block || c.TxID != x.ID() || c.Index != n || c.Actor != m.Actor || m != x.Body().Messages[n] {
			t.Errorf("%+v", c)
		}
		if c.FourEyes() != (n == 0) || len(c.Signers) != 2 {
			t.Errorf("message %d: %+v", n, c.Signers)
		}
		n++
		return nil
	})
	if err != nil || n != 2 {
		t.Error(n, err)
	}
}

// Writing during a scan is a fault of the handler that keeps its scan open.
func TestHandlerScans(t *testing.T) {
	a, r, x := newAuthenticator(), state(t), decoded(t, body(t))
	_, err := a.Deliver(t.Context(), r, block, limits, NewQuota(9), x, func(c *exec.Context, m *txv1.Message) error {
		return c.Store.Scan(nil, nil, func(k, v []byte) (bool, error) { return true, c.Store.Delete(k) })
	})
	if !errors.Is(err, store.ErrScanning) {
		t.Error(err)
	}
}

func TestQuota(t *testing.T) {
	a, r := newAuthenticator(), state(t)
	quota := NewQuota(3)
	deliver := func(nonce uint64, cb, lab int) error {
		b := body(t)
		b.Nonce = nonce
		b.Messages = append(slices.Repeat(b.Messages[:1], cb), slices.Repeat(b.Messages[1:], lab)...)
		if lab == 0 {
			b.Signers = b.Signers[:2]
		}
		_, err := a.Deliver(t.Context(), r, block, limits, quota, decoded(t, b), nothing)
		return err
	}
	wants(t, deliver(1, 2, 1), nil)
	root := r.Root()
	wants(t, deliver(2, 2, 1), &codeQuota) // cb is over, so lab is not counted
	if quota.Used("cb") != 2 || quota.Used("lab") != 1 || quota.Used("other") != 0 {
		t.Errorf("%v", quota.used)
	}
	if r.Root() == root {
		t.Error("a transaction over quota did not spend its nonce")
	}
	wants(t, deliver(2, 1, 0), &codeNonceUsed)
	wants(t, deliver(3, 1, 2), nil)
	wants(t, deliver(4, 1, 0), &codeQuota)
	quota = NewQuota(0)
	wants(t, deliver(5, 1, 0), &codeQuota)
	quota = NewQuota(3) // the next block
	wants(t, deliver(6, 3, 0), nil)
}

func TestQuotaOfKeys(t *testing.T) {
	b := body(t)
	keys := &memberv1.AddKeys{Keys: []*memberv1.NewKey{{}, {}, {}}}
	b.Messages[0].Action = &txv1.Message_AddKeys{AddKeys: keys}
	b.Messages[1].Action = &txv1.Message_AddKeys{AddKeys: &memberv1.AddKeys{}}
	x, quota := decoded(t, b), NewQuota(3)
	wants(t, quota.take(x), nil)
	if quota.Used("cb") != 3 || quota.Used("lab") != 1 {
		t.Errorf("%v", quota.used)
	}
	keys.Keys = append(keys.Keys, &memberv1.NewKey{})
	wants(t, NewQuota(3).take(decoded(t, b)), &codeQuota)
	b.Messages[0].Action = &txv1.Message_ReportConflict{ReportConflict: &validatorv1.ReportConflict{}}
	quota = NewQuota(3)
	wants(t, quota.take(decoded(t, b)), nil)
	if quota.Used("cb") != 2 {
		t.Errorf("a conflict: %v", quota.used)
	}
}

// Every prefix of a random run of deliveries agrees with a set of nonces, and
// with a state that was exported and imported.
func TestDeliveries(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, r := newAuthenticator(), state(t)
		used := map[uint64]bool{}
		for range rapid.IntRange(1, 12).Draw(rt, "transactions") {
			b := bulk(t, 1)
			b.Nonce = rapid.Uint64Range(1, 8).Draw(rt, "nonce")
			refused := rapid.Bool().Draw(rt, "refused")
			_, err := a.Deliver(t.Context(), r, block, limits, NewQuota(1), decoded(t, b), func(*exec.Context, *txv1.Message) error {
				if refused {
					return codeTest.Refuse("no")
				}
				return nil
			})
			if used[b.Nonce] != codeNonceUsed.Is(err) || !used[b.Nonce] && err != nil {
				rt.Fatalf("nonce %d: %v", b.Nonce, err)
			}
			used[b.Nonce] = true
		}
		if err := Check(r); err != nil {
			rt.Fatal(err)
		}
		g, err := ExportGenesis(r)
		if err != nil {
			rt.Fatal(err)
		}
		again := state(t)
		if err := InitGenesis(again, g); err != nil || again.Root() != r.Root() {
			rt.Fatalf("import: %v", err)
		}
	})
}

func TestGenesis(t *testing.T) {
	var w Window
	if err := w.Use(5); err != nil {
		t.Fatal(err)
	}
	good := GenesisWindow{Key: key(t, "lab").Public().String(), Window: fmt.Sprintf("%x", w.bytes())}
	for name, g := range map[string][]GenesisWindow{
		"key twice":     {good, good},
		"key not hex":   {{Key: "x", Window: good.Window}},
		"key off":       {{Key: fmt.Sprintf("%x", offCurve()), Window: good.Window}},
		"window short":  {{Key: good.Key, Window: good.Window[2:]}},
		"window no hex": {{Key: good.Key, Window: good.Window[1:]}},
		"window empty":  {{Key: good.Key}},
	} {
		if err := InitGenesis(new(storetest.Mem), &Genesis{g}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := InitGenesis(failing{new(storetest.Mem), 1}, &Genesis{[]GenesisWindow{good}}); !errors.Is(err, errDisk) {
		t.Error(err)
	}
	if err := InitGenesis(new(storetest.Mem), &Genesis{[]GenesisWindow{good}}); err != nil {
		t.Error(err)
	}
	var broken storetest.Mem
	if err := broken.Set([]byte("\x01short"), w.bytes()); err != nil {
		t.Fatal(err)
	}
	if _, err := ExportGenesis(&broken); !errors.Is(err, store.ErrCorrupt) {
		t.Error(err)
	}
}
