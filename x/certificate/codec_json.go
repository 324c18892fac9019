package certificate

import (
	"bytes"
	"encoding/json"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// Details and records as JSON, for the genesis: the JSON form of their protobuf
// messages, without spaces.

func detailsToJSON(d *rules.Details) (json.RawMessage, error) {
	return toJSON(rules.EncodeDetails(d), &certificatev1.Details{})
}

func detailsFromJSON(raw json.RawMessage) (*rules.Details, error) {
	b, err := fromJSON(raw, &certificatev1.Details{})
	if err != nil {
		return nil, err
	}
	return rules.DecodeDetails(b)
}

func recordToJSON(r *rules.Record) (json.RawMessage, error) {
	return toJSON(rules.EncodeRecord(r), &certificatev1.Record{})
}

func recordFromJSON(raw json.RawMessage) (*rules.Record, error) {
	b, err := fromJSON(raw, &certificatev1.Record{})
	if err != nil {
		return nil, err
	}
	return rules.DecodeRecord(b)
}

// toJSON writes the encoding of m's kind of message as JSON.
func toJSON(encoding []byte, m proto.Message) (json.RawMessage, error) {
	if err := proto.Unmarshal(encoding, m); err != nil {
		return nil, err
	}
	b, err := protojson.Marshal(m)
	if err != nil {
		return nil, err
	}
	var compact bytes.Buffer // protojson spaces its output at random
	err = json.Compact(&compact, b)
	return compact.Bytes(), err
}

// fromJSON is the other way.
func fromJSON(raw json.RawMessage, m proto.Message) ([]byte, error) {
	if err := protojson.Unmarshal(raw, m); err != nil {
		return nil, err
	}
	return encode(m)
}
