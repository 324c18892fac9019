package tx

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func TestDecode(t *testing.T) {
	b := body(t)
	raw := bytesOf(t, sign(t, b))
	x := mustDecode(t, raw)
	encoded, _ := marshal(b)
	if x.ID() != ID(encoded) || x.Size() != len(raw) || x.Body().Nonce != 1 || len(x.Signers()) != 3 {
		t.Errorf("%v %d %v %v", x.ID(), x.Size(), x.Body(), x.Signers())
	}
	if want := "hallmark/tx/v1\x00" + string(encoded); string(x.signed) != want {
		t.Errorf("signed are %q", x.signed)
	}
	clear(raw) // Decode keeps none of it
	if x.ID() != ID(encoded) || string(x.signed[len(signTag):]) != string(encoded) {
		t.Error("the transaction has changed with its bytes")
	}
}

// Each fault of a body, by its code.
func TestBody(t *testing.T) {
	for _, c := range []struct {
		name   string
		code   *exec.Code
		change func(b *txv1.Body)
	}{
		{"nothing", nil, func(b *txv1.Body) {}},
		{"mode all", nil, func(b *txv1.Body) { b.Mode = txv1.Mode_MODE_ALL }},
		{"highest nonce", nil, func(b *txv1.Body) { b.Nonce = 1<<64 - 1 }},
		{"negative expiry", nil, func(b *txv1.Body) { b.Expiry = -1 }}, // the block's time decides
		{"other chain", &codeWrongChain, func(b *txv1.Body) { b.ChainId = "test-2" }},
		{"no chain", &codeWrongChain, func(b *txv1.Body) { b.ChainId = "" }},
		{"chain with more", &codeWrongChain, func(b *txv1.Body) { b.ChainId += "\x00" }},
		{"no mode", &codeMode, func(b *txv1.Body) { b.Mode = 0 }},
		{"mode 3", &codeMode, func(b *txv1.Body) { b.Mode = 3 }},
		{"mode -1", &codeMode, func(b *txv1.Body) { b.Mode = -1 }},
		{"nonce 0", &codeNonceZero, func(b *txv1.Body) { b.Nonce = 0 }},
		{"no signers", &codeNoSigners, func(b *txv1.Body) { b.Signers = nil }},
		{"short key", &codeKey, func(b *txv1.Body) { b.Signers[1].Key = b.Signers[1].Key[:32] }},
		{"no key", &codeKey, func(b *txv1.Body) { b.Signers[1].Key = nil }},
		{"long key", &codeKey, func(b *txv1.Body) { b.Signers[1].Key = append(b.Signers[1].Key, 0) }},
		{"uncompressed key", &codeKey, func(b *txv1.Body) { b.Signers[1].Key = append([]byte{4}, make([]byte, 64)...) }},
		{"key 04", &codeKey, func(b *txv1.Body) { b.Signers[1].Key[0] = 4 }},
		{"key 00", &codeKey, func(b *txv1.Body) { b.Signers[1].Key[0] = 0 }},
		{"key twice", &codeDuplicateSigner, func(b *txv1.Body) { b.Signers[1].Key = b.Signers[0].Key }},
		{"key for two members", &codeDuplicateSigner, func(b *txv1.Body) { b.Signers[2].Key = b.Signers[0].Key }},
		{"too many signers", &codeTooManySigners, func(b *txv1.Body) {
			b.Signers = append(b.Signers, b.Signers[0], b.Signers[0])
		}},
		{"no messages", &codeNoMessages, func(b *txv1.Body) { b.Messages = nil }},
		{"most messages", nil, func(b *txv1.Body) {
			b.Messages = append(slices.Repeat(b.Messages[:1], limits.Messages-1), b.Messages[1])
		}},
		{"too many messages", &codeTooManyMessages, func(b *txv1.Body) {
			b.Messages = slices.Repeat(b.Messages[:1], limits.Messages+1)
		}},
		{"message of nobody", &codeMessageUnsigned, func(b *txv1.Body) { b.Messages[1].Signers = nil }},
		{"empty message", &codeMessageUnsigned, func(b *txv1.Body) { b.Messages[1] = &txv1.Message{} }},
		{"signer 3 of 3", &codeSignerIndex, func(b *txv1.Body) { b.Messages[1].Signers = []uint32{1, 3} }},
		{"signer 2^32-1", &codeSignerIndex, func(b *txv1.Body) { b.Messages[1].Signers = []uint32{1<<32 - 1} }},
		{"signers descend", &codeSignerOrder, func(b *txv1.Body) { b.Messages[1].Signers = []uint32{2, 1} }},
		{"signer twice", &codeSignerOrder, func(b *txv1.Body) { b.Messages[1].Signers = []uint32{1, 1, 2} }},
		{"actor of other signers", &codeActor, func(b *txv1.Body) { b.Messages[0].Actor = "lab" }},
		{"unknown actor", &codeActor, func(b *txv1.Body) { b.Messages[0].Actor = "cbs" }},
		{"no actor", &codeActor, func(b *txv1.Body) { b.Messages[0].Actor = "" }},
		{"unused signer", &codeUnusedSigner, func(b *txv1.Body) { b.Messages[1] = b.Messages[0] }},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := body(t)
			c.change(b)
			_, err := Decode(bytesOf(t, sign(t, b)), Limits{limits.ChainID, 1 << 20, limits.Messages, 99, limits.MaxExpiry})
			if c.code != &codeTooManySigners {
				wants(t, err, c.code)
			}
			// The same by those who make transactions.
			_, err = New(b, limits)
			wants(t, err, c.code)
		})
	}
}

// Each fault of the outer layer.
func TestEnvelope(t *testing.T) {
	good := sign(t, body(t))
	for _, c := range []struct {
		name   string
		code   *exec.Code
		change func(x *txv1.Tx)
	}{
		{"nothing", nil, func(x *txv1.Tx) {}},
		{"no signatures", &codeSignatureCount, func(x *txv1.Tx) { x.Signatures = nil }},
		{"a signature stripped", &codeSignatureCount, func(x *txv1.Tx) { x.Signatures = x.Signatures[:2] }},
		{"a signature added", &codeSignatureCount, func(x *txv1.Tx) { x.Signatures = append(x.Signatures, x.Signatures[0]) }},
		{"too many signatures", &codeTooManySignatures, func(x *txv1.Tx) { x.Signatures = slices.Repeat(x.Signatures, 2) }},
		{"empty signature", &codeSignatureForm, func(x *txv1.Tx) { x.Signatures[1] = nil }},
		{"short signature", &codeSignatureForm, func(x *txv1.Tx) { x.Signatures[1] = x.Signatures[1][:63] }},
		{"long signature", &codeSignatureForm, func(x *txv1.Tx) { x.Signatures[1] = append(x.Signatures[1], 0) }},
		{"zero signature", &codeSignatureForm, func(x *txv1.Tx) { x.Signatures[1] = make([]byte, 64) }},
		{"r too great", &codeSignatureForm, func(x *txv1.Tx) { x.Signatures[1] = bytes.Repeat([]byte{0xff}, 64) }},
		{"no body", &codeWrongChain, func(x *txv1.Tx) { x.Body = nil }},
		{"body cut", &codeMalformed, func(x *txv1.Tx) { x.Body = x.Body[:len(x.Body)-1] }},
		{"body is text", &codeMalformed, func(x *txv1.Tx) { x.Body = []byte("hello") }},
		{"body not UTF-8", &codeMalformed, func(x *txv1.Tx) {
			x.Body = append(protowire.AppendTag(nil, 1, protowire.BytesType), 1, 0xff)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := &txv1.Tx{Body: bytes.Clone(good.Body)}
			for _, s := range good.Signatures {
				x.Signatures = append(x.Signatures, bytes.Clone(s))
			}
			c.change(x)
			_, err := Decode(bytesOf(t, x), limits)
			wants(t, err, c.code)
		})
	}

	raw := bytesOf(t, good)
	tight := limits
	tight.Bytes = len(raw)
	_, err := Decode(raw, tight)
	wants(t, err, nil)
	tight.Bytes--
	_, err = Decode(raw, tight)
	wants(t, err, &codeTooLarge)
	_, err = New(body(t), tight)
	wants(t, err, &codeTooLarge)
	_, err = Decode(nil, limits)
	wants(t, err, &codeWrongChain)
	_, err = Decode(raw, Limits{})
	wants(t, err, &codeTooLarge)
}

// Millions of empty parts are refused by their number, before each becomes a
// message in memory.
func TestNothingIsDecodedInExcess(t *testing.T) {
	many := bytes.Repeat([]byte{6<<3 | 2, 0}, 400_000)
	raw := bytesOf(t, &txv1.Tx{Body: many})
	allocations := testing.AllocsPerRun(3, func() {
		_, err := Decode(raw, limits)
		wants(t, err, &codeTooManyMessages)
	})
	if allocations > 100 {
		t.Errorf("%v allocations", allocations)
	}
}

func TestCodes(t *testing.T) {
	last := uint32(0)
	for _, c := range Codes() {
		if c.Number <= last || c.Number > 99 || !strings.HasPrefix(c.Name, "tx_") || c.English == "" || c.Chinese == "" {
			t.Errorf("%+v", c)
		}
		last = c.Number
	}
}
