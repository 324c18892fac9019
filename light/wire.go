package light

import (
	"bytes"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"
)

// errCanonical: bytes are not the one encoding that is accepted.
var errCanonical = errors.New("not the canonical encoding")

// unmarshal reads b into m and refuses all encodings but one: it drops what is
// unknown, encodes what is left, and compares.
func unmarshal(b []byte, m proto.Message) error {
	name := m.ProtoReflect().Descriptor().Name()
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(b, m); err != nil {
		return fmt.Errorf("not a valid %s", name)
	}
	again, err := marshal(m)
	if err != nil {
		return fmt.Errorf("not a valid %s", name)
	}
	if !bytes.Equal(b, again) {
		return fmt.Errorf("%w of a %s", errCanonical, name)
	}
	return nil
}

func marshal(m proto.Message) ([]byte, error) {
	return proto.MarshalOptions{Deterministic: true}.Marshal(m)
}
