package message

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"time"
	"unicode"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Field is a part of a message in words: a value, or fields of its own.
type Field struct {
	Name   api.Text `json:"name"`
	Value  string   `json:"value,omitempty"`
	Fields []Field  `json:"fields,omitempty"`
}

// Description is a message or a governed action in words.
type Description struct {
	Action api.Text `json:"action"`
	Fields []Field  `json:"fields,omitempty"`
}

// Describe says what m, a hallmark.tx.v1.Message or a
// hallmark.governance.v1.Action, does. Every field that is set is in it.
func Describe(m proto.Message) Description {
	r := m.ProtoReflect()
	oneof := r.Descriptor().Oneofs().ByName("action")
	if oneof == nil || r.WhichOneof(oneof) == nil {
		return Description{Action: api.Text{En: "nothing", Zh: "无操作"}}
	}
	f := r.WhichOneof(oneof)
	return Description{Action: actionName(f.Name()), Fields: fieldsOf(r.Get(f).Message())}
}

// fieldsOf describes the fields that are set, in the order of the .proto file.
func fieldsOf(m protoreflect.Message) (list []Field) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if !m.Has(f) {
			continue
		}
		if !f.IsList() {
			list = append(list, fieldOf(f, m.Get(f)))
			continue
		}
		for j := range m.Get(f).List().Len() {
			list = append(list, fieldOf(f, m.Get(f).List().Get(j)))
		}
	}
	return list
}

func fieldOf(f protoreflect.FieldDescriptor, v protoreflect.Value) Field {
	name := fieldName(f.Name())
	switch f.Kind() {
	case protoreflect.MessageKind:
		if m := v.Message(); m.Descriptor().Name() == "Action" {
			d := Describe(m.Interface())
			return Field{Name: api.Text{En: name.En + ": " + d.Action.En, Zh: name.Zh + "：" + d.Action.Zh}, Fields: d.Fields}
		}
		return Field{Name: name, Fields: fieldsOf(v.Message())}
	case protoreflect.Int32Kind:
		if inMinutes(f) {
			return Field{Name: name, Value: v.String()}
		}
		return Field{Name: name, Value: civil.Date(v.Int()).String()}
	case protoreflect.Int64Kind:
		if inNanoseconds(f) {
			return Field{Name: name, Value: time.Unix(0, v.Int()).UTC().Format(time.RFC3339Nano)}
		}
		return Field{Name: name, Value: time.Unix(v.Int(), 0).UTC().Format(time.RFC3339)}
	case protoreflect.BytesKind:
		return Field{Name: name, Value: hex.EncodeToString(v.Bytes())}
	case protoreflect.EnumKind:
		if value := f.Enum().Values().ByNumber(v.Enum()); value != nil {
			return Field{Name: name, Value: EnumName(value)}
		}
		return Field{Name: name, Value: strconv.Itoa(int(v.Enum()))}
	case protoreflect.StringKind:
		return Field{Name: name, Value: printable(v.String())}
	default: // numbers
		return Field{Name: name, Value: v.String()}
	}
}

// printable shows what could deceive on a terminal as escapes.
func printable(s string) string {
	for _, c := range s {
		if !unicode.IsGraphic(c) {
			quoted := strconv.Quote(s)
			return quoted[1 : len(quoted)-1]
		}
	}
	return s
}

// String is one line for tests and logs.
func (d Description) String() string { return fmt.Sprintf("%s %v", d.Action.En, d.Fields) }
