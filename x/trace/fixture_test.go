package trace

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

const (
	class = "https://id.gs1.org/01/04012345999990"
	lot   = class + "/10/L-7"
	item  = class + "/21/XYZ-1"
	cellA = "https://id.gs1.org/01/09521141123454/10/CELL-A"
	cellB = "https://id.gs1.org/01/09521141123454/10/CELL-B"
)

// world is a chain with traces alone, and fakes of all else.
type world struct {
	t       testing.TB
	m       *Module
	state   store.ReadWriter
	now     time.Time
	height  uint64
	events  []exec.Event // of the last act
	members map[string]*Member
	holders map[Ref]string // of certificates
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, state: &storetest.Mem{}, now: time.Date(2026, 6, 1, 4, 0, 0, 0, time.UTC), height: 1}
	w.members = map[string]*Member{
		"maker":   {Operator: true, Active: true, Holder: "M"},
		"cells":   {Operator: true, Active: true, Holder: "C"},
		"carrier": {Operator: true, Active: true, Holder: "T"},
		"lab":     {Active: true, Holder: "L"},
		"samr":    {Regulator: true, Active: true},
		"cnca":    {Regulator: true, Active: true},
		"gone":    {Operator: true, Removed: true},
		"abroad":  {Operator: true, Active: true}, // no code
	}
	w.holders = map[Ref]string{{"CQC", "PB-1"}: "M", {"CQC", "PB-2"}: "M", {"CQC", "CELL-1"}: "C", {"CQC", "EMPTY"}: ""}
	w.m = New(w, w)
	return w
}

func (w *world) Member(_ store.Reader, id string) (Member, bool, error) {
	m, ok := w.members[id]
	if !ok {
		return Member{}, false, nil
	}
	return *m, true, nil
}

func (w *world) HeldBy(_ store.Reader, ref Ref, holder string) (held, known bool, err error) {
	h, ok := w.holders[ref]
	return ok && h != "" && h == holder, ok, nil
}

// signer is a key of a member.
func signer(member string, duty exec.Duty) exec.Signer {
	s := exec.Signer{Member: member, Duty: duty, Holder: member + "." + duty.String()}
	s.Key[0] = 2
	copy(s.Key[1:], member+"/"+duty.String())
	return s
}

// do runs a message for a member, with keys of a duty, and returns the refusal.
func (w *world) do(member string, duty exec.Duty, msg proto.Message) *exec.Refusal {
	w.t.Helper()
	return w.as(member, []exec.Signer{signer(member, duty)}, msg)
}

func (w *world) as(member string, signers []exec.Signer, msg proto.Message) *exec.Refusal {
	w.t.Helper()
	w.height++
	w.now = w.now.Add(time.Second)
	branch := store.NewBranch(w.state)
	c := &exec.Context{
		Block: exec.Block{ChainID: "c", Height: w.height, Time: w.now}, Store: branch, TxID: sm3.Sum([]byte(fmt.Sprint(w.height))),
		Actor: member, Signers: signers,
	}
	var err error
	switch msg := msg.(type) {
	case *tracev1.RegisterProduct:
		err = w.m.RegisterProduct(c, msg)
	case *tracev1.CaptureEvents:
		err = w.m.CaptureEvents(c, msg)
	case *tracev1.LinkCertificates:
		err = w.m.LinkCertificates(c, msg)
	case *tracev1.SetReporters:
		err = w.m.SetReporters(c, msg)
	case *tracev1.Recall:
		err = w.m.Recall(c, msg)
	case *tracev1.LiftRecall:
		err = w.m.LiftRecall(c, msg)
	default:
		w.t.Fatalf("%T", msg)
	}
	if err != nil {
		r, ok := exec.AsRefusal(err)
		if !ok {
			w.t.Fatal(err)
		}
		return r
	}
	w.events = c.Events()
	if err := branch.Write(); err != nil {
		w.t.Fatal(err)
	}
	if err := w.m.Check(w.state); err != nil {
		w.t.Fatalf("after %T: %v", msg, err)
	}
	return nil
}

// ok runs a message of an operator that must be done.
func (w *world) ok(member string, msg proto.Message) {
	w.t.Helper()
	if r := w.do(member, exec.DutyOperator, msg); r != nil {
		w.t.Fatalf("%T by %s: %v", msg, member, r)
	}
}

// refused runs a message that must be refused with a code, and leave no trace.
func (w *world) refused(name string, code *exec.Code, member string, duty exec.Duty, msg proto.Message) {
	w.t.Helper()
	before := slices.Clone(w.state.(*storetest.Mem).All())
	r := w.do(member, duty, msg)
	if r == nil || r.Code != code {
		w.t.Errorf("%s: %v, want %s", name, r, code.Name)
	}
	if after := w.state.(*storetest.Mem).All(); !slices.EqualFunc(before, after, func(a, b storetest.KV) bool { return bytes.Equal(a.Key, b.Key) && bytes.Equal(a.Value, b.Value) }) {
		w.t.Errorf("%s: the refused message changed the state", name)
	}
}

func register(uri string, refs ...*certificatev1.Ref) *tracev1.RegisterProduct {
	return &tracev1.RegisterProduct{Product: uri, NameZh: "产品", NameEn: "A product", Certificates: refs}
}

func ref(number string) *certificatev1.Ref {
	return &certificatev1.Ref{Issuer: "CQC", Number: number}
}

// object is an event about the product alone; its hash is of a name.
func (w *world) object(name string) *tracev1.Event {
	h := sm3.Sum([]byte(name))
	return &tracev1.Event{
		Hash: h[:], Time: w.now.Add(-time.Hour).UnixNano(), Offset: 480, Type: tracev1.EventType_EVENT_TYPE_OBJECT, Action: tracev1.Action_ACTION_OBSERVE,
		Step: "shipping", Disposition: "in_transit", Place: "https://id.gs1.org/414/9521141111116", Part: tracev1.Part_PART_OBJECT,
	}
}

// linking is an event of a type in which the product has a part, with others.
func (w *world) linking(name string, kind tracev1.EventType, part tracev1.Part, others ...string) *tracev1.Event {
	e := w.object(name)
	e.Type, e.Part, e.Others = kind, part, others
	if kind == tracev1.EventType_EVENT_TYPE_TRANSFORMATION {
		e.Action = tracev1.Action_ACTION_UNSPECIFIED
	}
	return e
}

func (w *world) output(name string, others ...string) *tracev1.Event {
	return w.linking(name, tracev1.EventType_EVENT_TYPE_TRANSFORMATION, tracev1.Part_PART_OUTPUT, others...)
}

// capture adds events after what there is.
func (w *world) capture(uri string, events ...*tracev1.Event) *tracev1.CaptureEvents {
	return &tracev1.CaptureEvents{Product: uri, After: w.product(uri).Entries, Events: events}
}

func (w *world) product(uri string) *Product {
	w.t.Helper()
	p, ok, err := Find(w.state, uri)
	if err != nil || !ok {
		w.t.Fatal(uri, ok, err)
	}
	return p
}
