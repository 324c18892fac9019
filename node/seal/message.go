package sealer

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	sealv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/seal/v1"
)

const (
	// Channel is the number of the channel. CometBFT's own lie between 0x00 and
	// 0x61.
	Channel = 0x90
	// maxHeights is how many heights one request asks about.
	maxHeights = 64
	// maxResponse is how many bytes of statements and seals one response has,
	// beyond its first item.
	maxResponse = 192 << 10
	// maxSeal is the size of a seal of the largest set.
	maxSeal = seal.MaxKeys/8 + seal.MaxKeys*sm2.SignatureSize
	// maxMessage is the size of the largest message: a response with one item of
	// the largest size beyond maxResponse, and room for the protobuf around it.
	maxMessage = maxResponse + maxSeal + seal.StatementSize + 8<<10
)

// frame carries an encoded message through CometBFT, which decodes what it
// receives in a way that lets unknown fields pass.
type frame struct{ bytes []byte }

// gogoMessage is the interface of CometBFT's messages.
type gogoMessage = interface {
	Reset()
	String() string
	ProtoMessage()
}

func (f *frame) Reset()         { f.bytes = nil }
func (f *frame) String() string { return fmt.Sprintf("seal message of %d bytes", len(f.bytes)) }
func (f *frame) ProtoMessage()  {}

// Marshal is what CometBFT sends.
func (f *frame) Marshal() ([]byte, error) { return f.bytes, nil }

// Unmarshal is given what CometBFT received.
func (f *frame) Unmarshal(b []byte) error {
	f.bytes = append([]byte(nil), b...)
	return nil
}

// Merge is how CometBFT makes an empty frame.
func (f *frame) Merge(from gogoMessage) { f.bytes = append([]byte(nil), from.(*frame).bytes...) }

// pack encodes a message.
func pack(m *sealv1.Message) *frame {
	b, err := proto.Marshal(m)
	if err != nil {
		panic(err) // it has bytes and numbers only
	}
	return &frame{b}
}

// errMessage: a correct node does not send this.
var errMessage = errors.New("sealer: a message that no correct node sends")

// unpack decodes a message and checks what can be checked without knowing more.
func unpack(b []byte) (*sealv1.Message, error) {
	m := new(sealv1.Message)
	if err := proto.Unmarshal(b, m); err != nil {
		return nil, fmt.Errorf("%w: %w", errMessage, err)
	}
	if err := known(m); err != nil {
		return nil, err
	}
	switch k := m.Kind.(type) {
	case *sealv1.Message_Status:
		if k.Status.Sealed > k.Status.Height {
			return nil, fmt.Errorf("%w: sealed above its height", errMessage)
		}
	case *sealv1.Message_Signatures:
		return m, checkItem(k.Signatures)
	case *sealv1.Message_Request:
		r := k.Request
		if r.Number == 0 || r.Low == 0 || r.High < r.Low || r.High-r.Low >= maxHeights && !r.Handover {
			return nil, fmt.Errorf("%w: a request for heights %d to %d", errMessage, r.Low, r.High)
		}
	case *sealv1.Message_Response:
		if len(k.Response.Items) > maxHeights {
			return nil, fmt.Errorf("%w: a response of %d items", errMessage, len(k.Response.Items))
		}
		for _, item := range k.Response.Items {
			if err := checkItem(item); err != nil {
				return nil, err
			}
		}
	default:
		return nil, fmt.Errorf("%w: of no kind", errMessage)
	}
	return m, nil
}

func checkItem(s *sealv1.Signatures) error {
	if len(s.Statement) != seal.StatementSize || len(s.Seal) == 0 || len(s.Seal) > maxSeal {
		return fmt.Errorf("%w: a statement of %d bytes, a seal of %d", errMessage, len(s.Statement), len(s.Seal))
	}
	return nil
}

// known refuses unknown fields, wherever they are.
func known(m *sealv1.Message) error {
	list := []proto.Message{m}
	switch k := m.Kind.(type) {
	case *sealv1.Message_Status:
		list = append(list, k.Status)
	case *sealv1.Message_Signatures:
		list = append(list, k.Signatures)
	case *sealv1.Message_Request:
		list = append(list, k.Request)
	case *sealv1.Message_Response:
		list = append(list, k.Response)
		for _, item := range k.Response.Items {
			list = append(list, item)
		}
	}
	for _, one := range list {
		if len(one.ProtoReflect().GetUnknown()) > 0 {
			return fmt.Errorf("%w: it has unknown fields", errMessage)
		}
	}
	return nil
}
