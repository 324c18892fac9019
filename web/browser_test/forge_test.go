package browser_test

import (
	"bytes"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// A forger has the head of a revoked certificate and would have it valid.

// sayValid writes into the head of a bundle that the certificate is valid.
func (l *ledger) sayValid(bundle []byte) *lightv1.Bundle {
	m := new(lightv1.Bundle)
	check(l, proto.Unmarshal(bundle, m))
	head, err := rules.DecodeHead(m.Entries[0].Value)
	check(l, err)
	head.Status, head.Reason = rules.Valid, ""
	m.Entries[0].Value = rules.EncodeHead(head)
	return m
}

func (l *ledger) encode(m *lightv1.Bundle) []byte {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	check(l, err)
	return b
}

// altered is a genuine bundle whose head was changed.
func (l *ledger) altered(bundle []byte) []byte { return l.encode(l.sayValid(bundle)) }

// selfSealed is a bundle in which everything fits together, sealed by the forger's
// own keys: a state with nothing but the false head.
func (l *ledger) selfSealed(bundle []byte) []byte {
	m := l.sayValid(bundle)
	e := m.Entries[0]
	path, value := sm3.Sum(e.Key), sm3.Sum(e.Value)
	tag := sm3.TagBlock("hallmark/store/leaf/v1")
	root := sm3.Sum(bytes.Join([][]byte{tag, path[:], value[:]}, nil))
	m.Entries, e.Proof = m.Entries[:1], []byte{1, 0} // inclusion, no siblings
	keys := map[[33]byte]*sm2.PrivateKey{}
	var entries []seal.Entry
	for range l.card.Set.Len() {
		key, err := sm2.Generate(nil)
		check(l, err)
		entries = append(entries, seal.Entry{Key: key.Public().Bytes(), Power: 10})
		keys[key.Public().Bytes()] = key
	}
	set, err := seal.NewSet(entries)
	check(l, err)
	st := seal.Statement{
		Chain: sm3.Sum([]byte(l.card.ChainID)), Genesis: l.card.Genesis, AppVersion: m.Sealed.AppVersion, Height: m.Sealed.Height,
		Time: time.Now().UnixNano(), Block: sm3.Hash(m.Sealed.Block), State: root, Set: set.Hash(),
	}
	var places []int
	var signatures []sm2.Signature
	for i, entry := range set.Entries() {
		s, err := keys[entry.Key].Sign(l.Context(), st.Append(nil))
		check(l, err)
		places, signatures = append(places, i), append(signatures, s)
	}
	m.Sealed.State, m.Sealed.Time, m.Sealed.Next, m.Sealed.NextHeight = root[:], st.Time, nil, 0
	m.Sealed.Seal = seal.New(set.Len(), places, signatures).Append(nil)
	return l.encode(m)
}

// padded is a genuine bundle with something after its end.
func padded(bundle []byte) []byte { return append(bytes.Clone(bundle), 0x32, 1, 0) }
