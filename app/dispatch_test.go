package app

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// each calls f with m holding an empty message of each field of its oneof.
func each(m proto.Message, f func(protoreflect.FieldDescriptor)) {
	r := m.ProtoReflect()
	fields := r.Descriptor().Oneofs().Get(0).Fields()
	for i := range fields.Len() {
		d := fields.Get(i)
		r.Set(d, r.NewField(d))
		f(d)
	}
}

func emptyContext(t *testing.T) *exec.Context {
	m := newModules()
	state := new(storetest.Mem)
	if err := m.Governance.InitGenesis(state, &new(Genesis).Governance); err != nil {
		t.Fatal(err)
	}
	return &exec.Context{
		Block: exec.Block{ChainID: "c", Height: 7, Time: time.Unix(1_800_000_000, 0)},
		Store: store.NewBranch(state), Actor: "cqc",
	}
}

var firstCode = map[string]uint32{"member": 100, "governance": 200, "validator": 300, "certificate": 400, "evidence": 500, "trace": 600}

// TestDispatch sends an empty message of every kind: each reaches a handler of
// its module, which refuses it.
func TestDispatch(t *testing.T) {
	m := newModules()
	msg := &txv1.Message{}
	each(msg, func(d protoreflect.FieldDescriptor) {
		err := m.dispatch(emptyContext(t), msg)
		r, ok := exec.AsRefusal(err)
		if !ok {
			t.Errorf("%s: %v", d.Name(), err)
			return
		}
		module := strings.Split(string(d.Message().FullName()), ".")[1]
		if first := firstCode[module]; r.Code.Number < first || r.Code.Number > first+99 {
			t.Errorf("%s of %s was refused with %d", d.Name(), module, r.Code.Number)
		}
		if n := d.Number(); n < 10 || n > 199 {
			t.Errorf("%s has the number %d", d.Name(), n)
		}
	})
	if err := m.dispatch(emptyContext(t), &txv1.Message{}); !tx.CodeNoAction.Is(err) {
		t.Errorf("nothing: %v", err)
	}
}

// TestActions does the same with governed actions.
func TestActions(t *testing.T) {
	m := actions{newModules()}
	action := &governancev1.Action{}
	each(action, func(d protoreflect.FieldDescriptor) {
		c := emptyContext(t)
		c.Actor = ""
		err := m.Execute(c, action)
		r, ok := exec.AsRefusal(err)
		if !ok && d.Name() != "set_validators" {
			t.Errorf("%s: %v", d.Name(), err)
		}
		if ok && r.Code == &tx.CodeNoAction {
			t.Errorf("%s is not carried out", d.Name())
		}
		if err := m.Validate(action); tx.CodeNoAction.Is(err) {
			t.Errorf("%s is not validated", d.Name())
		}
	})
	if err := m.Execute(emptyContext(t), &governancev1.Action{}); !tx.CodeNoAction.Is(err) {
		t.Errorf("nothing: %v", err)
	}
	if err := m.Validate(&governancev1.Action{}); !tx.CodeNoAction.Is(err) {
		t.Errorf("nothing: %v", err)
	}
}
