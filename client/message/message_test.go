package message

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

func TestParse(t *testing.T) {
	key := strings.Repeat("02", 33)
	list, err := ParseMessages([]byte(`[
		{"approve": {"proposal": "7"}},
		{"actor": "cqc", "signers": [1], "suspend": {"number": "N", "decided": "2026-06-01", "until": 20700}},
		{"addKeys": {"keys": [{"key": "` + key + `", "duty": "certifier", "holder": "h"}]}},
		{"report_compromise": {"key": "` + key + `", "since": "1970-01-01T08:00:07+08:00"}},
		{"report_conflict": {"first": "` + strings.Repeat("ab", 288) + `", "first_signature": "` + strings.Repeat("cd", 64) + `"}},
		{"anchor_evidence": {"anchor": {"from": "2026-06-01T12:00:00.000000001+08:00", "root": "` + strings.Repeat("ef", 32) + `", "kind": "report", "retention": "six_years"}}},
		{"propose": {"title": "t", "actions": [{"admit_member": {"member": "x", "profile": {"roles": ["laboratory"]}}}]}}]`))
	if err != nil {
		t.Fatal(err)
	}
	if list[0].GetApprove().GetProposal() != 7 || list[1].GetSuspend().GetDecided() != 20605 || list[1].GetSuspend().GetUntil() != 20700 {
		t.Errorf("%v", list[:2])
	}
	if k := list[2].GetAddKeys().GetKeys()[0]; !bytes.Equal(k.Key, bytes.Repeat([]byte{2}, 33)) || k.Duty != memberv1.Duty_DUTY_CERTIFIER {
		t.Errorf("%v", k)
	}
	if list[3].GetReportCompromise().GetSince() != 7 {
		t.Errorf("%v", list[3])
	}
	if c := list[4].GetReportConflict(); !bytes.Equal(c.GetFirst(), bytes.Repeat([]byte{0xab}, 288)) || !bytes.Equal(c.GetFirstSignature(), bytes.Repeat([]byte{0xcd}, 64)) {
		t.Errorf("%v", c)
	}
	if a := list[5].GetAnchorEvidence().GetAnchor(); a.GetFrom() != 1780286400000000001 || len(a.GetRoot()) != 32 || a.GetKind() != 1 || a.GetRetention() != 2 {
		t.Errorf("%v", a)
	}
	if r := list[6].GetPropose().GetActions()[0].GetAdmitMember().GetProfile().GetRoles(); len(r) != 1 || r[0] != memberv1.Role_ROLE_LABORATORY {
		t.Errorf("%v", r)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, bad := range []string{
		``, `[]`, `7`, `{"approve"`, `{"approve": {}} x`, `{"aprove": {}}`, `{"approve": {"proposals": 1}}`,
		`{"suspend": {"decided": "2026-02-30"}}`, `{"suspend": {"decided": "yesterday"}}`,
		`{"report_compromise": {"since": "2026-06-01T25:00:00Z"}}`, `{"add_keys": {"keys": [{"duty": "boss"}]}}`,
		`{"add_keys": {"keys": [{"key": "xyz!"}]}}`, `[{"approve": {}}, 5]`,
	} {
		if list, err := ParseMessages([]byte(bad)); err == nil {
			t.Errorf("%s is taken: %v", bad, list)
		}
	}
}

// What protojson writes means the same here, whatever the message.
func TestSuperset(t *testing.T) {
	every(t, func(m proto.Message) {
		fill(m.ProtoReflect(), 0)
		raw, err := protojson.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		again := m.ProtoReflect().New().Interface()
		if err := Unmarshal(raw, again); err != nil || !proto.Equal(m, again) {
			t.Errorf("%s: %v", raw, err)
		}
		d := Describe(m)
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if d.Action.Zh == d.Action.En || d.Action.Zh == "" {
			t.Errorf("no Chinese name: %s", text)
		}
		named(t, d.Fields)
	})
}

func named(t *testing.T, fields []Field) {
	for _, f := range fields {
		if f.Name.Zh == "" || f.Name.Zh == strings.ReplaceAll(f.Name.En, " ", "_") {
			t.Errorf("field %q has no Chinese name", f.Name.En)
		}
		named(t, f.Fields)
	}
}

// every calls do with a message for each kind of action.
func every(t *testing.T, do func(proto.Message)) {
	for _, empty := range []proto.Message{new(txv1.Message), new(governancev1.Action)} {
		fields := empty.ProtoReflect().Descriptor().Fields()
		for i := range fields.Len() {
			f := fields.Get(i)
			if f.ContainingOneof() == nil {
				continue
			}
			m := empty.ProtoReflect().New()
			m.Mutable(f)
			do(m.Interface())
			if t.Failed() {
				t.Logf("in %s", f.FullName())
			}
		}
	}
}

// fill sets every field of the action that is set, and checks what the package
// comment says of numbers.
func fill(m protoreflect.Message, depth int) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if o := f.ContainingOneof(); o != nil && m.WhichOneof(o) != nil && m.WhichOneof(o) != f || depth > 6 {
			continue
		}
		value := func() protoreflect.Value {
			switch f.Kind() {
			case protoreflect.MessageKind:
				sub := m.NewField(f)
				if f.IsList() {
					sub = sub.List().NewElement()
				}
				fill(sub.Message(), depth+1)
				return sub
			case protoreflect.StringKind:
				return protoreflect.ValueOfString("x\u202e")
			case protoreflect.BytesKind:
				return protoreflect.ValueOfBytes(bytes.Repeat([]byte{0xab}, 33))
			case protoreflect.EnumKind:
				return protoreflect.ValueOfEnum(1)
			case protoreflect.BoolKind:
				return protoreflect.ValueOfBool(true)
			case protoreflect.Int32Kind:
				return protoreflect.ValueOfInt32(20605)
			case protoreflect.Int64Kind:
				return protoreflect.ValueOfInt64(1780272000)
			case protoreflect.Uint32Kind:
				return protoreflect.ValueOfUint32(3)
			default:
				return protoreflect.ValueOfUint64(4)
			}
		}
		if f.IsList() {
			m.Mutable(f).List().Append(value())
		} else {
			m.Set(f, value())
		}
	}
}

func TestDescribe(t *testing.T) {
	list, err := ParseMessages([]byte(`{"suspend": {"number": "N\u202e\u001b[2J", "decided": "2026-06-01", "reason": "0111"}}`))
	if err != nil {
		t.Fatal(err)
	}
	d := Describe(list[0])
	text, _ := json.Marshal(d)
	for _, want := range []string{"暂停证书", "suspend a certificate", "2026-06-01", `\\u202e`, `\\x1b[2J`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %s", text, want)
		}
	}
}

// Every int32 is a date and every int64 an instant: the names say so.
func TestDatesAndInstants(t *testing.T) {
	dates := " first_issued issued expires decided suspended_from suspended_until from until due "
	instants, nanoseconds := " since from until ", " from to time "
	seen := map[protoreflect.FullName]bool{}
	var walk func(d protoreflect.MessageDescriptor)
	walk = func(d protoreflect.MessageDescriptor) {
		if seen[d.FullName()] {
			return
		}
		seen[d.FullName()] = true
		for i := range d.Fields().Len() {
			f := d.Fields().Get(i)
			switch f.Kind() {
			case protoreflect.MessageKind:
				walk(f.Message())
			case protoreflect.Int32Kind:
				if !inMinutes(f) && !strings.Contains(dates, " "+string(f.Name())+" ") {
					t.Errorf("%s is an int32: is it a date?", f.FullName())
				}
			case protoreflect.Int64Kind:
				if list := map[bool]string{true: nanoseconds, false: instants}[inNanoseconds(f)]; !strings.Contains(list, " "+string(f.Name())+" ") {
					t.Errorf("%s is an int64: is it an instant?", f.FullName())
				}
			}
		}
	}
	walk((*txv1.Message)(nil).ProtoReflect().Descriptor())
}
