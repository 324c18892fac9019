package certificate

import (
	"fmt"
	"slices"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// TestEvidence follows what rests on which evidence through issue, decisions, and
// amendments that name more, less, and the same again.
func TestEvidence(t *testing.T) {
	w := newWorld(t, "2026-06-01")
	var e []sm3.Hash
	var raw [][]byte
	w.anchored = map[sm3.Hash]bool{}
	for i := range 4 {
		h := sm3.Sum(fmt.Append(nil, "evidence ", i))
		e, raw = append(e, h), append(raw, h[:])
		w.anchored[h] = i < 3
	}
	c := w.certificate(rules.VoluntaryProduct, "V-1")
	c.Details.Evidence = raw[:1]
	issue := func(evidence ...[]byte) *certificatev1.Issue {
		return &certificatev1.Issue{Certificate: c, Decided: w.day(), Evidence: evidence}
	}
	w.refuse(&codeEvidence, cqc, body(cqc), issue(raw[3]))
	c.Details.Evidence = raw[3:]
	w.refuse(&codeEvidence, cqc, body(cqc), issue())
	c.Details.Evidence = raw[:1]
	w.ok(cqc, body(cqc), issue(raw[1], raw[0])) // record 1 rests on 0 and 1
	ref := rules.Ref{Issuer: cqcNumber, Number: "V-1"}
	w.ok(cqc, body(cqc), &certificatev1.Suspend{Number: "V-1", Decided: w.day(), Reason: "0299", Until: w.day() + 30, Evidence: raw[1:2]})
	w.refuse(&codeEvidence, cqc, body(cqc), &certificatev1.Reinstate{Number: "V-1", Decided: w.day(), Evidence: raw[2:4]})
	w.ok(cqc, body(cqc), &certificatev1.Reinstate{Number: "V-1", Decided: w.day()})
	amend := func(evidence [][]byte) {
		t.Helper()
		d := w.text(ref)
		d.Models, d.Evidence = append(d.Models, fmt.Sprint("M", len(d.Models)+1)), evidence
		w.ok(cqc, body(cqc), &certificatev1.Amend{Number: "V-1", Decided: w.day(), Action: certificatev1.Action_ACTION_MODEL, ChangeType: "02", Details: d})
	}
	amend(raw[:1])  // 4: nothing new
	amend(raw[2:3]) // 5: 2 for 0
	amend(raw[:1])  // 6: 0 again
	for i, want := range [][]uint32{{1, 6}, {1, 2}, {5}, nil} {
		list, err := Decisions(w.state, e[i], Decision{}, 10)
		var got []uint32
		for _, d := range list {
			got = append(got, d.Record)
			if d.Certificate != ref {
				t.Errorf("%v", d)
			}
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("evidence %d: records %v, want %v, %v", i, got, want, err)
		}
	}
	list, err := Decisions(w.state, e[0], Decision{}, 1)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if list, err = Decisions(w.state, e[0], list[0], 10); err != nil || len(list) != 1 || list[0].Record != 6 {
		t.Errorf("after the first: %v, %v", list, err)
	}

	g, err := w.m.ExportGenesis(w.state)
	if err != nil {
		t.Fatal(err)
	}
	again := &storetest.Mem{}
	if err := w.m.InitGenesis(again, g); err != nil || again.Root() != w.state.(*storetest.Mem).Root() {
		t.Errorf("another state, %v", err)
	}
	delete(w.anchored, e[1])
	if err := w.m.InitGenesis(&storetest.Mem{}, g); err == nil {
		t.Error("a genesis with evidence that is not anchored")
	}
	w.anchored[e[1]] = true
	if err := grounds.Delete(w.state, ground{e[1], numbered{ref, 2}}); err != nil {
		t.Fatal(err)
	}
	if err := w.m.Check(w.state); err == nil {
		t.Error("an index that lacks a record")
	}
}

// TestEvidenceOfImports: what an import names must be anchored too.
func TestEvidenceOfImports(t *testing.T) {
	w := newWorld(t, "2026-06-01")
	w.window, w.anchored = 10, map[sm3.Hash]bool{}
	c := w.certificate(rules.Service, "S-1")
	e := sm3.Sum([]byte("old paper"))
	c.Details.Evidence = [][]byte{e[:]}
	msg := &certificatev1.Import{Certificate: c, Decided: w.day(), Status: certificatev1.Status_STATUS_VALID}
	w.refuse(&codeEvidence, cqc, body(cqc), msg)
	w.anchored[e] = true
	w.ok(cqc, body(cqc), msg)
}
