package certificate

import (
	"errors"
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

var errDisk = errors.New("the disk is on fire")

// failing is a state of which the n-th use fails, and all after it.
type failing struct {
	store.ReadWriter
	n int
}

func (f *failing) use() error {
	if f.n--; f.n < 0 {
		return errDisk
	}
	return nil
}

func (f *failing) Get(key []byte) ([]byte, bool, error) {
	if err := f.use(); err != nil {
		return nil, false, err
	}
	return f.ReadWriter.Get(key)
}

func (f *failing) Scan(prefix, start []byte, visit store.Visit) error {
	if err := f.use(); err != nil {
		return err
	}
	return f.ReadWriter.Scan(prefix, start, visit)
}

func (f *failing) Set(key, value []byte) error {
	if err := f.use(); err != nil {
		return err
	}
	return f.ReadWriter.Set(key, value)
}

func (f *failing) Delete(key []byte) error {
	if err := f.use(); err != nil {
		return err
	}
	return f.ReadWriter.Delete(key)
}

// everyFault runs f on states that fail at each use in turn, until it goes
// through: the fault must come out as it is, not as a refusal or as success.
func everyFault(t *testing.T, name string, state store.Reader, f func(rw store.ReadWriter) error) {
	t.Helper()
	for n := 0; ; n++ {
		s := &failing{store.NewBranch(state), n}
		err := f(s)
		if s.n >= 0 {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			return
		}
		if _, refused := exec.AsRefusal(err); refused || !errors.Is(err, errDisk) {
			t.Errorf("%s: use %d fails, and gives %v", name, n, err)
		}
	}
}

func TestStoreFaults(t *testing.T) {
	const f = rules.VoluntaryProduct
	handler := func(name string, w *world, actor string, signers []exec.Signer, msg proto.Message) {
		t.Helper()
		everyFault(t, name, w.state, func(rw store.ReadWriter) error {
			return dispatch(w.m, w.context(rw, actor, signers), msg)
		})
	}
	for _, a := range append(byMembers(), rules.Reverse) {
		w, ref, order, record := prepared(t, f, a)
		actor, signers := by(a)
		handler(a.String(), w, actor, signers, w.message(f, a, ref, order, record))
	}

	w := busy(t) // with a body that has ended, and a release
	handler("release", w, samr, head(samr), &certificatev1.ReleaseCertificates{Issuer: cqcNumber, Receiver: cqm, Until: days("2017-07-01")})
	old := rules.Ref{Issuer: cqcNumber, Number: "A-4"}
	m := w.message(ms, rules.Transfer, old, 0, 0).(*certificatev1.Transfer)
	m.Certificate.Number, m.Certificate.Holder, m.Certificate.FirstIssued = "T-9", holder, 0
	m.Certificate.Scheme = "A020101" // the holder is barred from A01
	handler("transfer from an ended body", w, cqm, body(cqm), m)
	w.members[cqc].Active = true

	d := w.text(old)
	d.Marks, d.Main = []string{"01"}, &certificatev1.Ref{Issuer: cqcNumber, Number: "A-4"}
	sub := &certificatev1.Issue{Certificate: w.certificate(ms, "A-9"), Decided: w.day()}
	sub.Certificate.Scheme, sub.Certificate.Details = "A020101", d
	sub.Certificate.Details.Components = []*certificatev1.Ref{{Issuer: cqcNumber, Number: "A-4"}}
	handler("issue with marks, main, components", w, cqc, body(cqc), sub)
	handler("erratum of scheme and holder", w, cqc, body(cqc), &certificatev1.Correct{
		Number: "A-4", Decided: w.day(), Note: "x", Scheme: "A020101", Holder: holder2, Details: amended(ms, rules.Particulars, details(ms)),
	})
	handler("erratum of a bar", w, cqc, append(body(cqc), head(samr)...), &certificatev1.Correct{Number: "A-1", Decided: w.day(), Note: "x", Holder: holder2})
	w.window = 100
	handler("import", w, cqc, body(cqc), w.past("A-8", valid, decision(certificatev1.Action_ACTION_REVOKE, "2016-01-01", "0101")))

	w.to("2018-06-02")
	everyFault(t, "end of block", w.state, func(rw store.ReadWriter) error {
		return w.m.EndBlock(&exec.Context{Block: exec.Block{Height: 99, Time: w.now}, Store: rw})
	})
	everyFault(t, "check", w.state, func(rw store.ReadWriter) error { return w.m.Check(rw) })
	var g *Genesis
	everyFault(t, "export", w.state, func(rw store.ReadWriter) (err error) {
		g, err = w.m.ExportGenesis(rw)
		return err
	})
	everyFault(t, "genesis", nothing{}, func(rw store.ReadWriter) error { return w.m.InitGenesis(rw, g) })
	for _, number := range []string{"A-1", "A-2", "A-3"} {
		ref := rules.Ref{Issuer: cqcNumber, Number: number}
		everyFault(t, "view", w.state, func(rw store.ReadWriter) error {
			_, ok, err := w.m.Effective(rw, ref, w.now)
			if err == nil && !ok {
				err = fmt.Errorf("%v is not there", ref)
			}
			return err
		})
	}
	everyFault(t, "on", w.state, func(rw store.ReadWriter) error {
		_, _, err := On(rw, rules.Ref{Issuer: cqcNumber, Number: "A-1"}, date("2017-06-01"))
		return err
	})
}
