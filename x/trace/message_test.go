package trace

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

const (
	operator = exec.DutyOperator
	approver = exec.DutyApprover
)

func TestRegister(t *testing.T) {
	w := newWorld(t)
	full := register(lot, ref("PB-1"))
	full.Reporters = []string{"carrier", "lab"}
	w.ok("maker", full)
	p := w.product(lot)
	if p.Owner != "maker" || p.Entries != 1 || len(p.Certificates) != 1 || !slices.Equal(p.Reporters, full.Reporters) || p.Uses != 0 {
		t.Errorf("%+v", p)
	}
	if len(w.events) != 1 || w.events[0].Type != EventRegistered {
		t.Errorf("%v", w.events)
	}
	many := register(class)
	for i := range MaxCertificates + 1 {
		many.Certificates = append(many.Certificates, ref(fmt.Sprint(i)))
	}
	crowd := register(class)
	for i := range MaxReporters + 1 {
		crowd.Reporters = append(crowd.Reporters, fmt.Sprintf("m-%03d", i))
	}
	with := func(change func(*tracev1.RegisterProduct)) *tracev1.RegisterProduct {
		m := register(class)
		change(m)
		return m
	}
	for _, c := range []struct {
		name   string
		code   *exec.Code
		member string
		duty   exec.Duty
		msg    *tracev1.RegisterProduct
	}{
		{"twice", &codeKnown, "maker", operator, register(lot)},
		{"another's product", &codeKnown, "cells", operator, register(lot)},
		{"no operator", &codeRole, "lab", operator, register(class)},
		{"a regulator", &codeRole, "samr", operator, register(class)},
		{"another duty", &codeDuty, "maker", exec.DutyAdmin, register(class)},
		{"removed", &codeStopped, "gone", operator, register(class)},
		{"no member", &codeStopped, "nobody", operator, register(class)},
		{"another's certificate", &codeHolder, "maker", operator, register(class, ref("CELL-1"))},
		{"one of its own and another's", &codeHolder, "maker", operator, register(class, ref("PB-1"), ref("CELL-1"))},
		{"no code, certificate without one", &codeHolder, "abroad", operator, register(class, ref("EMPTY"))},
		{"no such certificate", &codeCertificate, "maker", operator, register(class, ref("NONE"))},
		{"a certificate twice", &codeMalformed, "maker", operator, register(class, ref("PB-1"), ref("PB-1"))},
		{"too many certificates", &codeMalformed, "maker", operator, many},
		{"too many reporters", &codeMalformed, "maker", operator, crowd},
		{"a reference without number", &codeMalformed, "maker", operator, register(class, &certificatev1.Ref{Issuer: "CQC"})},
		{"no name", &codeMalformed, "maker", operator, &tracev1.RegisterProduct{Product: class}},
		{"a long name", &codeMalformed, "maker", operator, with(func(m *tracev1.RegisterProduct) { m.NameEn = strings.Repeat("n", 201) })},
		{"a name that reorders text", &codeMalformed, "maker", operator, with(func(m *tracev1.RegisterProduct) { m.NameEn = "a\u202eb" })},
		{"a name with a line break", &codeMalformed, "maker", operator, with(func(m *tracev1.RegisterProduct) { m.NameZh = "a\nb" })},
		{"reporter is the owner", &codeMalformed, "maker", operator, with(func(m *tracev1.RegisterProduct) { m.Reporters = []string{"maker"} })},
		{"reporters descending", &codeMalformed, "maker", operator, with(func(m *tracev1.RegisterProduct) { m.Reporters = []string{"lab", "carrier"} })},
		{"a reporter twice", &codeMalformed, "maker", operator, with(func(m *tracev1.RegisterProduct) { m.Reporters = []string{"lab", "lab"} })},
		{"reporter unknown", &codeMember, "maker", operator, with(func(m *tracev1.RegisterProduct) { m.Reporters = []string{"nobody"} })},
		{"reporter removed", &codeMember, "maker", operator, with(func(m *tracev1.RegisterProduct) { m.Reporters = []string{"gone"} })},
	} {
		w.refused(c.name, c.code, c.member, c.duty, c.msg)
	}
	for _, uri := range []string{
		"", "x", "https://id.gs1.org/01/4012345999990", "https://id.gs1.org/01/04012345999991", "http://id.gs1.org/01/04012345999990", class + "/", class + "?x=1", class + "#a",
		"https://example.com/01/04012345999990", "https://id.gs1.org/01/04012345999990/21/XYZ%2D1", "https://id.gs1.org/01/04012345999990/10/L/21/S", "urn:epc:id:sgtin:4012345.099999.XYZ-1",
		"HTTPS://EXAMPLE.COM/a", "https://example.com", "javascript:alert(1)", "file:///etc/passwd", "https://example.com/\u00e9", "https://id.gs1.org/414/9521141111116", "https://example.com/" + strings.Repeat("a", MaxURI),
	} {
		w.refused("URI "+uri, &codeURI, "maker", operator, register(uri))
	}
	for _, uri := range []string{class, item, "https://example.com/p/1", "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66"} {
		w.ok("maker", register(uri))
	}
	w.members["maker"].Stopped = true
	w.refused("stopped", &codeStopped, "maker", operator, register("https://example.com/p/2"))
}

func TestCapture(t *testing.T) {
	w := newWorld(t)
	m := register(lot)
	m.Reporters = []string{"carrier"}
	w.ok("maker", m)
	w.ok("maker", w.capture(lot, w.object("a"), w.object("b")))
	if len(w.events) != 1 || w.events[0].Type != EventCaptured {
		t.Errorf("%v", w.events)
	}
	w.ok("carrier", w.capture(lot, w.object("c")))
	if p := w.product(lot); p.Entries != 4 {
		t.Fatalf("%d entries", p.Entries)
	}
	if n, err := EntryWith(w.state, sm3.Sum([]byte("c")), lot); n != 4 || err != nil {
		t.Errorf("the event is in entry %d, %v", n, err)
	}

	event := func(change func(*tracev1.Event)) *tracev1.CaptureEvents {
		e := w.object("new")
		change(e)
		return w.capture(lot, e)
	}
	long := w.capture(lot)
	for i := range MaxEvents + 1 {
		long.Events = append(long.Events, w.object(fmt.Sprint(i)))
	}
	after := func(n uint64) *tracev1.CaptureEvents { m := w.capture(lot, w.object("new")); m.After = n; return m }
	var others []string
	for i := range MaxOthers + 1 {
		others = append(others, fmt.Sprintf("https://example.com/%04d", i))
	}
	output := func(others ...string) *tracev1.CaptureEvents { return w.capture(lot, w.output("new", others...)) }
	own, zero := sm3.Sum([]byte("new")), make([]byte, 32)
	for _, c := range []struct {
		name   string
		code   *exec.Code
		member string
		duty   exec.Duty
		msg    *tracev1.CaptureEvents
	}{
		{"no consent", &codeReporter, "cells", operator, w.capture(lot, w.object("new"))},
		{"a regulator", &codeReporter, "samr", operator, w.capture(lot, w.object("new"))},
		{"another duty", &codeDuty, "maker", exec.DutyCertifier, w.capture(lot, w.object("new"))},
		{"a replay", &codeMoved, "maker", operator, after(3)},
		{"before it can be", &codeMoved, "maker", operator, after(5)},
		{"no events", &codeMalformed, "maker", operator, w.capture(lot)},
		{"too many events", &codeMalformed, "maker", operator, long},
		{"not registered", &codeUnknown, "maker", operator, &tracev1.CaptureEvents{Product: item, Events: []*tracev1.Event{w.object("new")}}},
		{"not canonical", &codeURI, "maker", operator, &tracev1.CaptureEvents{Product: lot + "/", Events: []*tracev1.Event{w.object("new")}}},
		{"a hash that is there", &codeTwice, "maker", operator, w.capture(lot, w.object("a"))},
		{"a hash that another reported", &codeTwice, "maker", operator, w.capture(lot, w.object("c"))},
		{"a hash twice in a message", &codeTwice, "maker", operator, w.capture(lot, w.object("new"), w.object("new"))},
		{"of the future", &codeFuture, "maker", operator, event(func(e *tracev1.Event) { e.Time = w.now.Add(11*time.Minute).UnixNano() + int64(time.Hour) })},
		{"a short hash", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Hash = e.Hash[:31] })},
		{"a hash of zeros", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Hash = zero })},
		{"no time", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Time = 0 })},
		{"before 1970", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Time = -1 })},
		{"an offset of 15 h", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Offset = 900 })},
		{"no type", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Type = 0 })},
		{"an unknown type", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Type = 6 })},
		{"a type beyond a byte", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Type = 257 })},
		{"an unknown action", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Action = 4 })},
		{"no action", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Action = 0 })},
		{"a transformation with action", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Type, e.Part = 4, 5 })},
		{"no part", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Part = 0 })},
		{"a part of another type", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Part = tracev1.Part_PART_OUTPUT })},
		{"an unknown part", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Part = 9 })},
		{"a step with a space", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Step = "a b" })},
		{"a long step", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Step = strings.Repeat("s", 121) })},
		{"a long place", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Place = strings.Repeat("s", 256) })},
		{"corrects itself", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Corrects = [][]byte{own[:]} })},
		{"corrects a short hash", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Corrects = [][]byte{{1}} })},
		{"corrects one twice", &codeEvent, "maker", operator, event(func(e *tracev1.Event) { e.Corrects = [][]byte{e.Hash[:0:0], own[:], own[:]} })},
		{"itself among others", &codeOthers, "maker", operator, output(lot)},
		{"others descending", &codeOthers, "maker", operator, output(cellB, cellA)},
		{"another twice", &codeOthers, "maker", operator, output(cellA, cellA)},
		{"257 others", &codeOthers, "maker", operator, output(others...)},
		{"others of an event about it alone", &codeOthers, "maker", operator, event(func(e *tracev1.Event) { e.Others = []string{cellA} })},
		{"another not canonical", &codeURI, "maker", operator, output(cellA + "/")},
		{"a second event is bad", &codeEvent, "maker", operator, w.capture(lot, w.object("new"), &tracev1.Event{})},
	} {
		w.refused(c.name, c.code, c.member, c.duty, c.msg)
	}
	w.ok("maker", output(others[:MaxOthers]...))

	w.ok("maker", &tracev1.SetReporters{Product: lot})
	w.refused("consent withdrawn", &codeReporter, "carrier", operator, w.capture(lot, w.object("new")))
	w.ok("maker", &tracev1.SetReporters{Product: lot, Reporters: []string{"carrier", "lab"}})
	w.members["carrier"].Stopped = true
	w.refused("stopped", &codeStopped, "carrier", operator, w.capture(lot, w.object("new")))
	w.members["carrier"].Stopped, w.members["carrier"].Active = false, false
	w.refused("suspended", &codeStopped, "carrier", operator, w.capture(lot, w.object("new")))
	w.ok("lab", w.capture(lot, w.object("late")))
}

// TestAllParts: every pair of type and part is as the table says.
func TestAllParts(t *testing.T) {
	w := newWorld(t)
	w.ok("maker", register(lot))
	for kind := tracev1.EventType(1); kind <= 5; kind++ {
		for part := tracev1.Part(1); part <= 5; part++ {
			e := w.linking(fmt.Sprint(kind, part), kind, part)
			r := w.do("maker", operator, w.capture(lot, e))
			if want := slices.Contains(parts[kind], Part(part)); (r == nil) != want || r != nil && r.Code != &codeEvent {
				t.Errorf("%v %v: %v", kind, part, r)
			}
		}
	}
}

func TestOwnerActs(t *testing.T) {
	w := newWorld(t)
	m := register(lot, ref("PB-1"))
	m.Reporters = []string{"carrier"}
	w.ok("maker", m)
	link := func(add, remove []*certificatev1.Ref) *tracev1.LinkCertificates {
		return &tracev1.LinkCertificates{Product: lot, Add: add, Remove: remove}
	}
	refs := func(numbers ...string) (list []*certificatev1.Ref) {
		for _, n := range numbers {
			list = append(list, ref(n))
		}
		return list
	}
	for _, c := range []struct {
		name   string
		code   *exec.Code
		member string
		msg    proto.Message
	}{
		{"another's certificate", &codeHolder, "maker", link(refs("CELL-1"), nil)},
		{"no such certificate", &codeCertificate, "maker", link(refs("NONE"), nil)},
		{"linked already", &codeLinked, "maker", link(refs("PB-1"), nil)},
		{"not linked", &codeLinked, "maker", link(nil, refs("PB-2"))},
		{"removed and added again", &codeLinked, "maker", link(refs("PB-1"), refs("PB-1"))},
		{"twice", &codeMalformed, "maker", link(refs("PB-2", "PB-2"), nil)},
		{"nothing", &codeUnchanged, "maker", link(nil, nil)},
		{"by a reporter", &codeNotOwner, "carrier", link(refs("PB-2"), nil)},
		{"by a stranger, its own", &codeNotOwner, "cells", link(refs("CELL-1"), nil)},
		{"no such product", &codeUnknown, "maker", &tracev1.LinkCertificates{Product: class, Add: refs("PB-2")}},
		{"reporters by a reporter", &codeNotOwner, "carrier", &tracev1.SetReporters{Product: lot, Reporters: []string{"carrier", "cells"}}},
		{"the same reporters", &codeUnchanged, "maker", &tracev1.SetReporters{Product: lot, Reporters: []string{"carrier"}}},
		{"an unknown reporter", &codeMember, "maker", &tracev1.SetReporters{Product: lot, Reporters: []string{"nobody"}}},
		{"reporters descending", &codeMalformed, "maker", &tracev1.SetReporters{Product: lot, Reporters: []string{"lab", "carrier"}}},
	} {
		w.refused(c.name, c.code, c.member, operator, c.msg)
	}
	w.ok("maker", link(refs("PB-2"), refs("PB-1")))
	if p := w.product(lot); !slices.Equal(p.Certificates, []Ref{{"CQC", "PB-2"}}) || p.Entries != 2 {
		t.Errorf("%+v", p)
	}
	if list, err := ByCertificate(w.state, Ref{"CQC", "PB-1"}, "", 10); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
	w.members["carrier"].Removed = true // one that is kept is not looked at again
	w.ok("maker", &tracev1.SetReporters{Product: lot, Reporters: []string{"carrier", "lab"}})
}

// TestAbove: a lot, an item and a piece are of their classes.
func TestAbove(t *testing.T) {
	const piece, trade = "https://id.gs1.org/8006/095211411234540102", "https://id.gs1.org/01/09521141123454"
	for uri, want := range map[string][]string{
		class: nil, lot: {class}, item: {class}, piece: {trade}, piece + "/21/7": {piece, trade},
		"https://id.gs1.org/00/340123450000000017": nil, "https://example.com/x": nil, "no URI": nil,
	} {
		if got := Above(uri); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", uri, got, want)
		}
		for _, above := range want {
			if err := checkURI(above); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestRecalls(t *testing.T) {
	w := newWorld(t)
	for _, uri := range []string{class, lot, item} {
		w.ok("maker", register(uri))
	}
	w.ok("cells", register(cellA))
	recall := func(uri string) *tracev1.Recall {
		return &tracev1.Recall{Product: uri, NoteZh: "可能起火", NoteEn: "may catch fire"}
	}
	lift := func(uri string, n uint64) *tracev1.LiftRecall {
		return &tracev1.LiftRecall{Product: uri, Recall: n, Note: "repaired"}
	}
	w.refused("by a stranger", &codeNotOwner, "cells", operator, recall(lot))
	w.refused("a regulator's operator", &codeDuty, "samr", operator, recall(lot))
	w.refused("the owner's approver", &codeDuty, "maker", approver, recall(lot))
	w.refused("nothing said", &codeMalformed, "maker", operator, &tracev1.Recall{Product: lot})
	w.refused("not registered", &codeUnknown, "samr", approver, recall(cellB))
	w.ok("maker", recall(lot)) // entry 2
	if r := w.do("samr", approver, recall(lot)); r != nil {
		t.Fatal(r)
	}
	w.refused("another's: lifted by a stranger", &codeLift, "cells", operator, lift(lot, 2))
	w.refused("a regulator's, lifted by the owner", &codeLift, "maker", operator, lift(lot, 3))
	w.refused("no recall", &codeNoRecall, "maker", operator, lift(lot, 1))
	w.refused("beyond the chain", &codeNoRecall, "maker", operator, lift(lot, 9))
	w.ok("maker", lift(lot, 2))
	w.refused("lifted already", &codeNoRecall, "maker", operator, lift(lot, 2))
	if r := w.do("cnca", approver, lift(lot, 3)); r != nil { // another regulator
		t.Error(r)
	}
	if p := w.product(lot); len(p.Recalls) != 0 || p.Entries != 5 {
		t.Errorf("%+v", p)
	}

	stands := func(uri string) (list []string) {
		standing, err := Recalls(w.state, uri)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range standing {
			list = append(list, s.URI)
		}
		return list
	}
	w.ok("maker", recall(class))
	for _, uri := range []string{class, lot, item} {
		if got := stands(uri); !slices.Equal(got, []string{class}) {
			t.Errorf("%s: %v", uri, got)
		}
	}
	if got := stands(class + "/10/OTHER"); len(got) != 0 { // not registered: whose it is, is not known
		t.Errorf("%v", got)
	}
	// The class of somebody else's products, registered by a stranger.
	cells := cellA[:strings.Index(cellA, "/10/")]
	w.ok("maker", register(cells))
	w.ok("maker", recall(cells))
	if got := stands(cellA); len(got) != 0 {
		t.Errorf("a stranger's recall stands: %v", got)
	}
	if r := w.do("samr", approver, recall(cells)); r != nil {
		t.Fatal(r)
	}
	if got := stands(cellA); !slices.Equal(got, []string{cells}) {
		t.Errorf("a regulator's recall: %v", got)
	}
	for range MaxRecalls {
		if r := w.do("maker", operator, recall(item)); r != nil {
			t.Fatal(r)
		}
	}
	w.refused("too many", &codeRecalls, "maker", operator, recall(item))
}
