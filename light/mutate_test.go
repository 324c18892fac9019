package light

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// mutants calls visit with copies of m in which one field, of m or of a message in
// it, is altered, withheld, doubled, or replaced by the same field of another
// message. The fields are those of the descriptors.
func mutants(m proto.Message, others []proto.Message, visit func(what string, mutant proto.Message)) {
	mutate(m.ProtoReflect().Interface(), m, others, "", func(m protoreflect.Message) protoreflect.Message { return m }, visit)
}

// mutate changes the message that at finds in a copy of root.
func mutate(part, root proto.Message, others []proto.Message, path string, at func(protoreflect.Message) protoreflect.Message, visit func(string, proto.Message)) {
	fields := part.ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		here := path + "." + string(f.Name())
		change := func(what string, f func(protoreflect.Message)) {
			c := proto.Clone(root)
			if m := at(c.ProtoReflect()); m.IsValid() {
				f(m)
				visit(here+" "+what, c)
			}
		}
		change("withheld", func(m protoreflect.Message) { m.Clear(f) })
		for n, o := range others {
			if p := at(o.ProtoReflect()); p.IsValid() && p.Has(f) {
				change(fmt.Sprintf("of another %d", n), func(m protoreflect.Message) { m.Set(f, proto.Clone(p.Interface()).ProtoReflect().Get(f)) })
			}
		}
		switch {
		case f.IsList():
			list := part.ProtoReflect().Get(f).List()
			for n := range list.Len() {
				change(fmt.Sprintf("%d left out", n), func(m protoreflect.Message) {
					l := m.Mutable(f).List()
					for k := n; k+1 < l.Len(); k++ {
						l.Set(k, l.Get(k+1))
					}
					l.Truncate(l.Len() - 1)
				})
				change(fmt.Sprintf("%d doubled", n), func(m protoreflect.Message) { l := m.Mutable(f).List(); l.Append(l.Get(n)) })
				change(fmt.Sprintf("%d moved to the front", n), func(m protoreflect.Message) {
					l := m.Mutable(f).List()
					first, other := l.Get(0), l.Get(n)
					l.Set(0, other)
					l.Set(n, first)
				})
				for o, other := range others {
					p := at(other.ProtoReflect())
					if p.IsValid() && p.Get(f).List().Len() > n {
						change(fmt.Sprintf("%d of another %d", n, o), func(m protoreflect.Message) { m.Mutable(f).List().Set(n, p.Get(f).List().Get(n)) })
					}
				}
				if f.Message() != nil {
					element := func(m protoreflect.Message) protoreflect.Message {
						if m = at(m); !m.IsValid() || m.Get(f).List().Len() <= n {
							return f.Message().ParentFile().Messages().ByName(f.Message().Name()).Options().ProtoReflect().Type().Zero() // not valid
						}
						return m.Get(f).List().Get(n).Message()
					}
					mutate(list.Get(n).Message().Interface(), root, others, fmt.Sprintf("%s[%d]", here, n), element, visit)
				} else {
					alter(f, list.Get(n), func(what string, v protoreflect.Value) {
						change(fmt.Sprintf("%d %s", n, what), func(m protoreflect.Message) { m.Mutable(f).List().Set(n, v) })
					})
				}
			}
		case f.Message() != nil:
			if part.ProtoReflect().Has(f) {
				mutate(part.ProtoReflect().Get(f).Message().Interface(), root, others, here, func(m protoreflect.Message) protoreflect.Message { return at(m).Get(f).Message() }, visit)
			}
		default:
			alter(f, part.ProtoReflect().Get(f), func(what string, v protoreflect.Value) {
				change(what, func(m protoreflect.Message) { m.Set(f, v) })
			})
		}
	}
}

// alter calls visit with other values of a field.
func alter(f protoreflect.FieldDescriptor, v protoreflect.Value, visit func(what string, v protoreflect.Value)) {
	switch f.Kind() {
	case protoreflect.BytesKind:
		b := v.Bytes()
		visit("empty", protoreflect.ValueOfBytes([]byte{}))
		visit("longer", protoreflect.ValueOfBytes(append(slices.Clone(b), 0)))
		for _, i := range []int{0, 1, len(b) / 2, len(b) - 1} {
			if i >= 0 && i < len(b) {
				visit(fmt.Sprintf("cut at %d", i), protoreflect.ValueOfBytes(slices.Clone(b[:i])))
				for _, bit := range []byte{1, 0x80} {
					c := slices.Clone(b)
					c[i] ^= bit
					visit(fmt.Sprintf("byte %d ^ %x", i, bit), protoreflect.ValueOfBytes(c))
				}
			}
		}
	case protoreflect.StringKind:
		visit("longer", protoreflect.ValueOfString(v.String()+"0"))
		visit("shorter", protoreflect.ValueOfString(v.String()[:max(0, len(v.String())-1)]))
	case protoreflect.BoolKind:
		visit("not", protoreflect.ValueOfBool(!v.Bool()))
	case protoreflect.EnumKind:
		for _, d := range []protoreflect.EnumNumber{1, 2, 3, 99} {
			visit(fmt.Sprint(d), protoreflect.ValueOfEnum(d))
		}
	case protoreflect.Uint32Kind:
		for _, d := range []uint32{uint32(v.Uint()) + 1, uint32(v.Uint()) - 1, 1 << 31, 1<<32 - 1} {
			visit(fmt.Sprint(d), protoreflect.ValueOfUint32(d))
		}
	case protoreflect.Uint64Kind:
		for _, d := range []uint64{v.Uint() + 1, v.Uint() - 1, 1 << 63, 1<<64 - 1} {
			visit(fmt.Sprint(d), protoreflect.ValueOfUint64(d))
		}
	case protoreflect.Int32Kind:
		for _, d := range []int32{int32(v.Int()) + 1, int32(v.Int()) - 1, -1, 1<<31 - 1} {
			visit(fmt.Sprint(d), protoreflect.ValueOfInt32(d))
		}
	case protoreflect.Int64Kind:
		for _, d := range []int64{v.Int() + 1, v.Int() - 1, -1, 1<<63 - 1} {
			visit(fmt.Sprint(d), protoreflect.ValueOfInt64(d))
		}
	default:
		panic("a field of kind " + f.Kind().String() + ": say how it is altered")
	}
}

// valuesOf are the messages of the values under keys that begin so.
var valuesOf = map[string]proto.Message{
	"\x05h": &certificatev1.Head{}, "\x05d": &certificatev1.Details{}, "\x05r": &certificatev1.Record{}, "\x05n": &certificatev1.Issuers{},
	"\x05s": &certificatev1.Supervision{}, "\x05x": &certificatev1.Successor{}, "\x03\x01": &memberv1.Member{}, "\x03\x06": &memberv1.Key{},
}

// said is what a verdict establishes.
type said struct {
	Outcome Outcome
	Height  uint64
	Head    *rules.Head
	Status  *rules.EffectiveStatus
	Records int
	Issuers []string
}

// saidBy is that as text. What a part of a bundle is withheld for is left open
// and says so: without lists what is said apart from the facts that were left
// open.
func saidBy(v *Verdict, without bool) string {
	s := said{v.Outcome, v.Height, v.Head, v.Status, len(v.Records), v.Issuers}
	if without && s.Status != nil {
		status := *s.Status
		status.Flags &^= rules.FlagBodyStopped | rules.FlagComponentSuspended | rules.FlagKeyCompromised
		s.Status = &status
	}
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// TestLies lets a node lie in every field of every bundle. What is established is
// what the true bundle establishes.
func TestLies(t *testing.T) {
	l := newLedger(t, 4)
	day := l.today()
	card := l.card()
	other := l.issue("Q-0")
	c := l.issue("Q-1")
	m := l.certify("Q-2", "A010101", 900)
	m.Details.Components = []*certificatev1.Ref{{Issuer: apptest.CQC, Number: "Q-1"}}
	l.send(eyes("cqc"), &certificatev1.Issue{Decided: int32(day), Certificate: m})
	c.Number = "Q-2"
	h := l.rotate(0, "val-00/next")
	before := l.source(h)
	l.to(day+1, 9)
	l.send(eyes("cqc"), &certificatev1.Suspend{Number: "Q-1", Decided: int32(day) + 1, Reason: "0111", Until: int32(day) + 30})
	l.send(eyes("cqc"), &certificatev1.Suspend{Number: "Q-2", Decided: int32(day) + 1, Reason: "0111", Until: int32(day) + 30})
	l.send([]string{"cnca/approver"}, &certificatev1.FileOrder{Issuer: apptest.CQC, Number: "Q-2", Decided: int32(day) + 1, Due: int32(day) + 20, Note: "look into it"})
	l.send([]string{"cqc/admin/1"}, &memberv1.ReportCompromise{Key: keyOf("cqc/approver"), Since: day.Start().Unix()})
	now := l.net.Now().Add(time.Minute)
	src := l.source(h)

	known := NewVerifier(card)
	total, established := 0, 0
	for _, claim := range []Claim{
		c, c.as(History), c.as(Approved), c.as(Absent), c.on(day), other, {Issuer: apptest.CQC, Number: "NONE"}, {Kind: Absent, Number: "NONE"},
	} {
		for _, headOnly := range []bool{false, true} {
			limits := Limits{HeadSuffices: headOnly, MaxAge: 1000 * time.Hour}
			build := func(src Source, claim Claim) *lightv1.Bundle {
				b, err := Build(src, claim, headOnly)
				if err != nil {
					t.Fatal(err)
				}
				bundle := new(lightv1.Bundle)
				if err := proto.Unmarshal(b, bundle); err != nil {
					t.Fatal(err)
				}
				return bundle
			}
			bundle, old := build(src, claim), build(before, claim)
			others := []proto.Message{old, build(src, Claim{Issuer: apptest.CQC, Number: "Q-1"}), build(src, Claim{Kind: Absent, Number: "NONE-2"})}
			truth := map[uint64]*Verdict{}
			lies := func(v *Verdict) bool {
				open := v.open(unprovenKeys)
				return v.Outcome != NotEstablished && saidBy(v, open) != saidBy(truth[v.Height], open)
			}
			for _, b := range []*lightv1.Bundle{bundle, old} {
				raw, err := marshal(b)
				if err != nil {
					t.Fatal(err)
				}
				v := Verify(raw, card, claim, limits, now)
				if truth[v.Height] = v; v.Outcome == NotEstablished && (!headOnly || claim.Kind == Valid) && claim != c && claim.Kind != OnDate {
					t.Fatalf("%v: %v", claim, v.Reasons)
				}
				for cut := 0; cut < len(raw); cut += 1 + cut/64%7 {
					if v := known.Verify(raw[:cut], claim, limits, now); lies(v) {
						t.Fatalf("cut at %d: established\n%s", cut, saidBy(v, false))
					}
				}
			}
			check := func(what string, mutant proto.Message) {
				raw, err := marshal(mutant)
				if err != nil {
					return // a string that is no UTF-8
				}
				total++
				v := known.Verify(raw, claim, limits, now)
				if v.Outcome == NotEstablished {
					return
				}
				established++
				if lies(v) {
					t.Fatalf("%v: %s: established\n%s\nbut it is\n%s", claim, what, saidBy(v, false), saidBy(truth[v.Height], false))
				}
			}
			mutants(bundle, others, check)
			for i, e := range bundle.Entries {
				empty, ok := valuesOf[string(e.Key[:2])]
				if !ok || e.Value == nil {
					continue
				}
				value := proto.Clone(empty)
				if err := proto.Unmarshal(e.Value, value); err != nil {
					t.Fatal(err)
				}
				if again, err := marshal(value); err != nil || string(again) != string(e.Value) {
					t.Fatalf("key %x: its value is not a %T", e.Key, value)
				}
				mutants(value, nil, func(what string, mutant proto.Message) {
					lie := proto.Clone(bundle).(*lightv1.Bundle)
					if lie.Entries[i].Value, _ = marshal(mutant); lie.Entries[i].Value != nil && string(lie.Entries[i].Value) != string(e.Value) {
						check(fmt.Sprintf("value of %x: %s", e.Key, what), lie)
						if raw, err := marshal(lie); err == nil {
							if v := known.Verify(raw, claim, limits, now); v.Outcome != NotEstablished {
								t.Fatalf("value of %x: %s: accepted", e.Key, what)
							}
						}
					}
				})
			}
		}
	}
	if total < 5000 || established == 0 {
		t.Errorf("%d lies, of which %d change nothing", total, established)
	}
	t.Logf("%d lies; in %d nothing else is said", total, established)
}

// TestMutantsReachAll: the walk changes every field of the messages.
func TestMutantsReachAll(t *testing.T) {
	full := &lightv1.Bundle{
		Format: 1, Handovers: []*lightv1.Handover{{Sealed: &lightv1.Sealed{Height: 1}, Set: []byte{1}}}, Sealed: &lightv1.Sealed{Height: 2},
		Entries: []*lightv1.Entry{{Key: []byte{1}, Value: []byte{2}, Proof: []byte{3}}}, Details: [][]byte{{1}},
		Leaves: []*lightv1.AnchoredLeaf{{Anchor: []byte{1}, Leaf: []byte{2}, Proof: []byte{3}}},
	}
	seen := map[string]bool{}
	mutants(full, nil, func(what string, _ proto.Message) {
		path, _, _ := strings.Cut(what, " ")
		seen[path] = true
	})
	sealed := []string{"app_version", "height", "time", "block", "state", "next", "next_height", "seal"}
	want := []string{".format", ".handovers", ".handovers[0].sealed", ".handovers[0].set", ".sealed", ".entries", ".entries[0].key", ".entries[0].value", ".entries[0].proof", ".details", ".leaves", ".leaves[0].anchor", ".leaves[0].leaf", ".leaves[0].proof"}
	for _, f := range sealed {
		want = append(want, ".sealed."+f, ".handovers[0].sealed."+f)
	}
	for _, w := range want {
		if !seen[w] {
			t.Errorf("%s is never changed", w)
		}
	}
}
