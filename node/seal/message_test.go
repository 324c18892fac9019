package sealer

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/cometbft/cometbft/p2p"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	sealv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/seal/v1"
)

// dummy is a peer that keeps what it is sent.
type dummy struct {
	p2p.Peer // nil: what else is called fails the test
	id       string

	mu   sync.Mutex
	sent []*sealv1.Message
}

func (d *dummy) ID() p2p.ID { return p2p.ID(d.id) }

func (d *dummy) TrySend(e p2p.Envelope) bool {
	m, err := unpack(e.Message.(*frame).bytes)
	if err != nil {
		panic(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sent = append(d.sent, m)
	return true
}

// last returns the last message that was sent.
func (d *dummy) last(t *testing.T) *sealv1.Message {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.sent) == 0 {
		t.Fatal("nothing was sent")
	}
	return d.sent[len(d.sent)-1]
}

// stranger returns a reactor on a store, with a peer to which a question about
// the heights 1 to 3 is open.
func stranger(t *testing.T, s *Store) (*Reactor, *peer, *dummy) {
	t.Helper()
	r := NewReactor(s)
	d := &dummy{id: "peer"}
	p := newPeer(d)
	r.peers[p.ID()] = p
	if !r.ask(p, question{low: 1, high: 3}) {
		t.Fatal("not asked")
	}
	return r, p, d
}

// correct returns a correct message of each kind.
func correct(t *testing.T, c *chain, s *Store) map[string]*sealv1.Message {
	t.Helper()
	item := func(height uint64, keys ...string) *sealv1.Signatures {
		st, sl := signed(t, c, s.mustStatement(t, height), keys...)
		return &sealv1.Signatures{Statement: st, Seal: sl}
	}
	return map[string]*sealv1.Message{
		"status":     {Kind: &sealv1.Message_Status{Status: &sealv1.Status{Height: 7, Sealed: 7}}},
		"signatures": {Kind: &sealv1.Message_Signatures{Signatures: item(3, "b", "c")}},
		"request":    {Kind: &sealv1.Message_Request{Request: &sealv1.Request{Number: 1, Low: 1, High: 3}}},
		"response": {Kind: &sealv1.Message_Response{Response: &sealv1.Response{
			Number: 1, Items: []*sealv1.Signatures{item(3, "a", "b", "c"), item(1, "a", "b", "d")},
		}}},
	}
}

// TestLies changes each field that the descriptors of the messages have, in every
// way: the peer is disconnected, or what it said does no harm. Nothing of it is
// kept in either case.
func TestLies(t *testing.T) {
	c := newChain(5)
	dropped := map[string]int{}
	for kind := range correct(t, c, newStore(t, c)) {
		for lie := 0; ; lie++ {
			s := newStore(t, c)
			m := correct(t, c, s)[kind]
			count := lie
			name := mutate(m.ProtoReflect(), kind, &count)
			if name == "" {
				break
			}
			r, p, _ := stranger(t, s)
			b, err := proto.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			err = r.handle(p, b)
			if err != nil {
				dropped[kind]++
				if !errors.Is(err, ErrInvalid) && !errors.Is(err, errMessage) {
					t.Errorf("%s: %v", name, err)
				}
			} else if (kind == "signatures" || kind == "response") && !harmless(m) {
				t.Errorf("%s: the peer stays", name)
			}
			for h := uint64(1); h <= 5; h++ { // what is kept is good
				rec, err := s.load(h)
				if err != nil {
					t.Fatal(err)
				}
				set, _ := s.sets.at(h)
				for i, place := range rec.places {
					if err := set.verifier.VerifyOne(&rec.statement, place, rec.signatures[i]); err != nil {
						t.Fatalf("%s: %v", name, err)
					}
				}
			}
		}
	}
	t.Log(dropped)
	if dropped["signatures"] < 350 || dropped["response"] < 700 || dropped["status"] < 1 || dropped["request"] < 2 {
		t.Errorf("peers were disconnected %v times", dropped)
	}
}

// harmless reports whether a message says nothing that can be judged: it is of a
// height that is not there yet, or an answer that came too late or has nothing.
func harmless(m *sealv1.Message) bool {
	switch k := m.Kind.(type) {
	case *sealv1.Message_Signatures:
		st, err := seal.ParseStatement(k.Signatures.Statement)
		return err == nil && st.Height > 5
	case *sealv1.Message_Response:
		return k.Response.Number == 0 || len(k.Response.Items) < 2
	}
	return false
}

// mutate changes the n-th thing that there is to change, and returns its name;
// an empty one if there are fewer.
func mutate(m protoreflect.Message, name string, n *int) string {
	next := func() bool { *n--; return *n < 0 }
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		path := fmt.Sprint(name, ".", f.Name())
		switch {
		case f.IsList():
			list := m.Mutable(f).List()
			if next() {
				list.Append(list.Get(0))
				return path + " repeated"
			}
			if next() {
				a, b := list.Get(0), list.Get(1)
				m.Clear(f)
				m.Mutable(f).List().Append(b)
				m.Mutable(f).List().Append(a)
				return path + " in another order"
			}
			if next() {
				list.Truncate(1)
				return path + " truncated"
			}
			for j := range list.Len() {
				if done := mutate(list.Get(j).Message(), fmt.Sprint(path, j), n); done != "" {
					return done
				}
			}
		case f.Message() != nil:
			if !m.Has(f) {
				continue // another kind
			}
			if done := mutate(m.Mutable(f).Message(), path, n); done != "" {
				return done
			}
		case f.Kind() == protoreflect.BytesKind:
			b := slices.Clone(m.Get(f).Bytes())
			for j := range b {
				if next() {
					b[j] ^= 0x20
					m.Set(f, protoreflect.ValueOfBytes(b))
					return fmt.Sprint(path, " byte ", j)
				}
			}
			for _, other := range [][]byte{nil, b[:len(b)-1], append(slices.Clone(b), 0), make([]byte, 1<<18)} {
				if next() {
					m.Set(f, protoreflect.ValueOfBytes(other))
					return fmt.Sprint(path, " of length ", len(other))
				}
			}
		case f.Kind() == protoreflect.Uint64Kind:
			for _, v := range []uint64{0, m.Get(f).Uint() + 1, m.Get(f).Uint() + 100, 1<<64 - 1} {
				if next() {
					m.Set(f, protoreflect.ValueOfUint64(v))
					return fmt.Sprint(path, " ", v)
				}
			}
		case f.Kind() == protoreflect.BoolKind:
			if next() {
				m.Set(f, protoreflect.ValueOfBool(!m.Get(f).Bool()))
				return path
			}
		default:
			panic("a field of a type that the test does not know: " + path)
		}
	}
	if next() {
		m.SetUnknown(protowire.AppendVarint(protowire.AppendTag(nil, 99, protowire.VarintType), 1))
		return name + " with an unknown field"
	}
	return ""
}

// TestCorrectMessages: what is correct is taken, and answered.
func TestCorrectMessages(t *testing.T) {
	c := newChain(5)
	s := newStore(t, c)
	r, p, d := stranger(t, s)
	for _, kind := range []string{"status", "signatures", "response", "request"} {
		b, err := proto.Marshal(correct(t, c, s)[kind])
		if err != nil {
			t.Fatal(err)
		}
		if err := r.handle(p, b); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
	}
	s.wantSealed(t, 1, true)
	s.wantSealed(t, 3, true)
	s.wantSealed(t, 2, false)
	answer := d.last(t).GetResponse()
	if answer.GetNumber() != 1 || len(answer.GetItems()) != 2 {
		t.Errorf("%v", answer)
	}
	for _, b := range [][]byte{nil, {0xff}, {0x0a}, make([]byte, 1000)} {
		if err := r.handle(p, b); !errors.Is(err, errMessage) {
			t.Errorf("%x: %v", b, err)
		}
	}
}

// What comes before its height is executed is held, within bounds, and taken then.
func TestEarly(t *testing.T) {
	c := newChain(5)
	ahead := newStore(t, newChain(50))
	s := newStore(t, c)
	r, p, _ := stranger(t, s)
	give := func(height uint64, spoil bool) error {
		st, sl := signed(t, c, ahead.mustStatement(t, height), "a", "b", "c")
		if spoil {
			sl[10]++
		}
		b, err := proto.Marshal(&sealv1.Message{Kind: &sealv1.Message_Signatures{Signatures: &sealv1.Signatures{Statement: st, Seal: sl}}})
		if err != nil {
			t.Fatal(err)
		}
		return r.handle(p, b)
	}
	for range 100 {
		if err := errors.Join(give(6, false), give(40, false), give(7, true)); err != nil {
			t.Fatal(err)
		}
	}
	if r.early.count > maxEarlyEach || len(r.early.items) != 2 {
		t.Fatalf("%d messages of %d heights are held", r.early.count, len(r.early.items))
	}
	c.grow(1)
	catchUpWith(t, s)
	r.late()
	s.wantSealed(t, 6, true)
	if r.early.count == 0 || len(r.early.items) != 1 {
		t.Errorf("%d are held", r.early.count)
	}
}

// The largest message fits.
func TestSizes(t *testing.T) {
	item := &sealv1.Signatures{Statement: make([]byte, seal.StatementSize), Seal: make([]byte, maxSeal)}
	res := &sealv1.Response{Number: 1<<64 - 1, Items: []*sealv1.Signatures{item}}
	for size := 0; size < maxResponse-maxSeal; size += seal.StatementSize + 65 {
		if len(res.Items) < maxHeights {
			res.Items = append(res.Items, &sealv1.Signatures{Statement: item.Statement, Seal: make([]byte, 65)})
		}
	}
	res.Items = append(res.Items[:maxHeights-1], item)
	if n := len(pack(&sealv1.Message{Kind: &sealv1.Message_Response{Response: res}}).bytes); n > maxMessage {
		t.Errorf("%d bytes, and the channel takes %d", n, maxMessage)
	}
}
