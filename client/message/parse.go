package message

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// ParseMessages reads a JSON list of messages, or a single one.
func ParseMessages(raw []byte) ([]*txv1.Message, error) {
	return parseList(raw, func() *txv1.Message { return new(txv1.Message) })
}

// ParseActions reads a JSON list of governed actions, or a single one.
func ParseActions(raw []byte) ([]*governancev1.Action, error) {
	return parseList(raw, func() *governancev1.Action { return new(governancev1.Action) })
}

func parseList[M proto.Message](raw []byte, create func() M) ([]M, error) {
	var items []json.RawMessage
	if trimmed := bytes.TrimSpace(raw); len(trimmed) > 0 && trimmed[0] == '[' {
		if err := json.Unmarshal(trimmed, &items); err != nil {
			return nil, fmt.Errorf("message: %w", err)
		}
	} else {
		items = []json.RawMessage{trimmed}
	}
	if len(items) == 0 {
		return nil, errors.New("message: the list is empty")
	}
	list := make([]M, len(items))
	for i, item := range items {
		list[i] = create()
		if err := Unmarshal(item, list[i]); err != nil {
			return nil, fmt.Errorf("message: entry %d: %w", i, err)
		}
	}
	return list, nil
}

// Unmarshal reads one message. Unknown fields are errors.
func Unmarshal(raw []byte, m proto.Message) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return fmt.Errorf("not JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("not JSON: something follows the value")
	}
	if err := translate(value, m.ProtoReflect().Descriptor(), ""); err != nil {
		return err
	}
	plain, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return protojson.Unmarshal(plain, m)
}

// translate replaces the values that only this package's form has by those of
// protojson, in place.
func translate(value any, d protoreflect.MessageDescriptor, at string) error {
	object, ok := value.(map[string]any)
	if !ok {
		return nil // protojson says what is wrong
	}
	for name, v := range object {
		f := d.Fields().ByName(protoreflect.Name(name))
		if f == nil {
			f = d.Fields().ByJSONName(name)
		}
		if f == nil {
			continue
		}
		path := strings.TrimPrefix(at+"."+name, ".")
		list, isList := v.([]any)
		if !isList {
			list = []any{v}
		}
		for i := range list {
			if err := translateValue(&list[i], f, path); err != nil {
				return err
			}
		}
		if !isList {
			object[name] = list[0]
		}
	}
	return nil
}

func translateValue(v *any, f protoreflect.FieldDescriptor, path string) (err error) {
	if f.Kind() == protoreflect.MessageKind {
		return translate(*v, f.Message(), path)
	}
	text, ok := (*v).(string)
	if !ok {
		return nil
	}
	switch f.Kind() {
	case protoreflect.Int32Kind:
		if strings.Contains(text, "-") {
			day, err := civil.Parse(text)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			*v = int32(day)
		}
	case protoreflect.Int64Kind:
		if strings.ContainsAny(text, "T:") {
			at, err := time.Parse(time.RFC3339, text)
			if err != nil {
				return fmt.Errorf("%s: %q is not an instant like 2026-06-01T12:00:00+08:00", path, text)
			}
			if *v = at.Unix(); inNanoseconds(f) {
				*v = at.UnixNano()
			}
		}
	case protoreflect.BytesKind:
		if b, err := hex.DecodeString(text); err == nil && slices.Contains([]int{32, 33, 64, seal.StatementSize}, len(b)) {
			*v = base64.StdEncoding.EncodeToString(b)
		}
	case protoreflect.EnumKind:
		values := f.Enum().Values()
		for i := range values.Len() {
			if text == EnumName(values.Get(i)) {
				*v = string(values.Get(i).Name())
			}
		}
	default: // as protojson has it
	}
	return nil
}

// inNanoseconds reports whether an instant counts nanoseconds, not seconds.
func inNanoseconds(f protoreflect.FieldDescriptor) bool {
	switch f.ParentFile().Package() {
	case "hallmark.evidence.v1", "hallmark.trace.v1":
		return true
	}
	return false
}

// inMinutes reports whether an int32 is no date but minutes.
func inMinutes(f protoreflect.FieldDescriptor) bool { return f.Name() == "offset" }

// EnumName is the name of a value without what all of its enumeration have in
// common, in lower case: certification_body for ROLE_CERTIFICATION_BODY.
func EnumName(v protoreflect.EnumValueDescriptor) string {
	enum := v.Parent().(protoreflect.EnumDescriptor)
	prefix := strings.TrimSuffix(string(enum.Values().ByNumber(0).Name()), "UNSPECIFIED")
	return strings.ToLower(strings.TrimPrefix(string(v.Name()), prefix))
}
