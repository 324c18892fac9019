package seal

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

var update = flag.Bool("update", false, "write testdata/vectors.json anew")

// ones makes signatures that are the same each time.
type ones struct{}

func (ones) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 1
	}
	return len(b), nil
}

func testKey(t testing.TB, name string) *sm2.PrivateKey {
	h := sm3.Sum([]byte("seal vector key " + name))
	k, err := sm2.NewPrivateKey(h[:])
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// signers is a set and its private keys, in its order.
type signers struct {
	set  Set
	keys []*sm2.PrivateKey
}

func newSigners(t testing.TB, name string, powers ...uint64) signers {
	var entries []Entry
	keys := map[[33]byte]*sm2.PrivateKey{}
	for i, power := range powers {
		k := testKey(t, fmt.Sprint(name, i))
		entries = append(entries, Entry{k.Public().Bytes(), power})
		keys[k.Public().Bytes()] = k
	}
	s := signers{set: mustSet(t, entries...)}
	for _, e := range s.set.Entries() {
		s.keys = append(s.keys, keys[e.Key])
	}
	return s
}

func sign(t testing.TB, k *sm2.PrivateKey, st *Statement) sm2.Signature {
	sig, err := k.SignWith(ones{}, st.Append(nil))
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

func (s signers) seal(t testing.TB, st *Statement, places ...int) Seal {
	var sigs []sm2.Signature
	for _, p := range places {
		sigs = append(sigs, sign(t, s.keys[p], st))
	}
	return New(len(s.keys), places, sigs)
}

func statement(set Set) Statement {
	return Statement{
		Chain: sm3.Sum([]byte("hallmark-test")), Genesis: sm3.Sum([]byte("genesis")), AppVersion: 1, Height: 1234,
		Time: 1764000000123456789, Block: sm3.Sum([]byte("block")), State: sm3.Sum([]byte("state")), Set: set.Hash(),
	}
}

// vector is a seal and what a verifier makes of it. If Next is there, it is
// verified as a handover to that set.
type vector struct {
	Name      string `json:"name"`
	Chain     string `json:"chain"`
	Genesis   string `json:"genesis"`
	Begin     uint64 `json:"begin"`
	Set       string `json:"set"`
	Statement string `json:"statement"`
	Seal      string `json:"seal"`
	Next      string `json:"next,omitempty"`
	Want      string `json:"want"`
}

var verdicts = map[string]error{
	"ok": nil, "ErrSet": ErrSet, "ErrStatement": ErrStatement, "ErrSeal": ErrSeal, "ErrOtherSet": ErrOtherSet,
	"ErrQuorum": ErrQuorum, "ErrSignature": ErrSignature, "ErrChain": ErrChain,
}

func (v *vector) verify(t testing.TB) error {
	raw := func(s string) []byte {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	set, err := ParseSet(raw(v.Set))
	if err != nil {
		return err
	}
	st, err := ParseStatement(raw(v.Statement))
	if err != nil {
		return err
	}
	s, err := Parse(set.Len(), raw(v.Seal))
	if err != nil {
		return err
	}
	trust := NewTrust(sm3.Hash(raw(v.Chain)), sm3.Hash(raw(v.Genesis)), v.Begin, set)
	if v.Next == "" {
		return trust.Verify(&st, s)
	}
	next, err := ParseSet(raw(v.Next))
	if err != nil {
		return err
	}
	after, err := trust.Advance(&st, s, next)
	if err == nil && (after.Begin != st.NextHeight || !after.Set().Equal(next)) {
		t.Errorf("%s: trust in %v from %d", v.Name, after.Set(), after.Begin)
	}
	return err
}

// makeVectors breaks each rule of the format once.
func makeVectors(t testing.TB) (list []vector) {
	four := newSigners(t, "four", 10, 10, 10, 10)
	skew := newSigners(t, "skew", 1, 2, 3, 94, 5, 6, 7, 8, 9) // nine: the last byte of the bitmap has one bit
	later := newSigners(t, "later", 10, 10, 10, 10)
	base := statement(four.set)
	heavy := slices.IndexFunc(skew.set.Entries(), func(e Entry) bool { return e.Power == 94 })

	add := func(name, want string, s signers, st Statement, seal []byte, change func(*vector)) {
		v := vector{
			Name: name, Want: want, Chain: base.Chain.String(), Genesis: base.Genesis.String(), Begin: 1000,
			Set: hex.EncodeToString(s.set.Append(nil)), Statement: hex.EncodeToString(st.Append(nil)), Seal: hex.EncodeToString(seal),
		}
		if change != nil {
			change(&v)
		}
		list = append(list, v)
	}
	good := four.seal(t, &base, 0, 1, 3).Append(nil)
	altered := func(change func(b []byte) []byte) []byte { return change(bytes.Clone(good)) }

	add("three of four", "ok", four, base, good, nil)
	add("all four", "ok", four, base, four.seal(t, &base, 0, 1, 2, 3).Append(nil), nil)
	add("at the first height of the set", "ok", four, base, good, func(v *vector) { v.Begin = base.Height })
	skewed := statement(skew.set)
	add("one key has nearly all power", "ok", skew, skewed, skew.seal(t, &skewed, heavy).Append(nil), nil)

	add("two of four", "ErrQuorum", four, base, four.seal(t, &base, 0, 3).Append(nil), nil)
	add("nobody", "ErrQuorum", four, base, four.seal(t, &base).Append(nil), nil)
	var light []int
	for i := range skew.keys {
		if i != heavy {
			light = append(light, i)
		}
	}
	add("eight keys of nine without the power", "ErrQuorum", skew, skewed, skew.seal(t, &skewed, light...).Append(nil), nil)
	third := newSigners(t, "third", 2, 1)
	exact := statement(third.set)
	two := slices.IndexFunc(third.set.Entries(), func(e Entry) bool { return e.Power == 2 })
	add("exactly two thirds", "ErrQuorum", third, exact, third.seal(t, &exact, two).Append(nil), nil)

	add("no bytes", "ErrSeal", four, base, nil, nil)
	add("bitmap alone", "ErrSeal", four, base, good[:1], nil)
	add("a signature too few", "ErrSeal", four, base, good[:len(good)-64], nil)
	add("a byte too few", "ErrSeal", four, base, good[:len(good)-1], nil)
	add("a byte too many", "ErrSeal", four, base, append(bytes.Clone(good), 0), nil)
	add("a signer twice: a signature too many", "ErrSeal", four, base, append(bytes.Clone(good), good[len(good)-64:]...), nil)
	add("a signer outside the set", "ErrSeal", four, base, altered(func(b []byte) []byte { b[0] |= 8; return append(b, b[1:65]...) }), nil)
	add("a bitmap of two bytes", "ErrSeal", four, base, altered(func(b []byte) []byte { return append([]byte{b[0], 0}, b[1:]...) }), nil)
	add("another signer's place", "ErrSignature", four, base, altered(func(b []byte) []byte { b[0] = 0xe0; return b }), nil)
	add("signatures in another order", "ErrSignature", four, base, altered(func(b []byte) []byte {
		return append(append(append([]byte{b[0]}, b[65:129]...), b[1:65]...), b[129:]...)
	}), nil)
	add("one key's signature three times", "ErrSignature", four, base, altered(func(b []byte) []byte {
		return append(append(append([]byte{b[0]}, b[1:65]...), b[1:65]...), b[1:65]...)
	}), nil)
	for i, name := range []string{"r", "s"} {
		add("a bit of "+name, "ErrSignature", four, base, altered(func(b []byte) []byte { b[1+32*i+5] ^= 1; return b }), nil)
		add(name+" zero", "ErrSignature", four, base, altered(func(b []byte) []byte { clear(b[1+32*i : 33+32*i]); return b }), nil)
		add(name+" beyond the order", "ErrSignature", four, base, altered(func(b []byte) []byte {
			for j := range 32 {
				b[1+32*i+j] = 0xff
			}
			return b
		}), nil)
	}

	// A seal holds for no other statement: each field in turn.
	for name, change := range map[string]func(*Statement){
		"app version": func(s *Statement) { s.AppVersion++ },
		"height":      func(s *Statement) { s.Height++ },
		"time":        func(s *Statement) { s.Time++ },
		"block":       func(s *Statement) { s.Block[31] ^= 1 },
		"state":       func(s *Statement) { s.State[0] ^= 1 },
		"next":        func(s *Statement) { s.Next, s.NextHeight = later.set.Hash(), s.Height+20 },
	} {
		st := base
		change(&st)
		add("another "+name, "ErrSignature", four, st, good, nil)
	}
	slices.SortFunc(list[len(list)-6:], func(a, b vector) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })

	add("another chain", "ErrChain", four, base, good, func(v *vector) { v.Chain = sm3.Sum([]byte("hallmark-tess")).String() })
	add("another genesis", "ErrChain", four, base, good, func(v *vector) { v.Genesis = sm3.Sum([]byte("gene")).String() })
	add("before the set begins", "ErrChain", four, base, good, func(v *vector) { v.Begin = base.Height + 1 })
	add("a set that the statement does not name", "ErrOtherSet", later, base, later.seal(t, &base, 0, 1, 2).Append(nil), nil)

	broken := func(name string, change func(*Statement)) {
		st := base
		change(&st)
		add(name, "ErrStatement", four, st, four.seal(t, &st, 0, 1, 2).Append(nil), nil)
	}
	broken("height 0", func(s *Statement) { s.Height = 0 })
	broken("a time before 1970", func(s *Statement) { s.Time = -1 })
	broken("a next height without a set", func(s *Statement) { s.NextHeight = 2000 })
	broken("a next set without a height", func(s *Statement) { s.Next = later.set.Hash() })
	broken("a next set that has begun", func(s *Statement) { s.Next, s.NextHeight = later.set.Hash(), s.Height })
	broken("a next set that is the same", func(s *Statement) { s.Next, s.NextHeight = s.Set, s.Height+20 })
	raw := base.Append(nil)
	add("a statement cut", "ErrStatement", four, base, good, func(v *vector) { v.Statement = hex.EncodeToString(raw[:len(raw)-1]) })
	add("a longer statement", "ErrStatement", four, base, good, func(v *vector) { v.Statement += "00" })
	add("another tag", "ErrStatement", four, base, good, func(v *vector) { v.Statement = "69" + v.Statement[2:] })
	add("a set without keys", "ErrSet", four, base, good, func(v *vector) { v.Set = "00000000000000000000" })
	add("a set with another total", "ErrSet", four, base, good, func(v *vector) { v.Set = v.Set[:4] + "0000000000000029" + v.Set[20:] })

	noPoint := signers{set: mustSet(t, four.set.Entries()[0], Entry{entry(1, 0).Key, 1}), keys: nil}
	odd := statement(noPoint.set)
	place := slices.IndexFunc(noPoint.set.Entries(), func(e Entry) bool { return e.Power == 1 })
	both := make([]sm2.Signature, 2)
	both[1-place] = sign(t, four.keys[0], &odd)
	both[place] = both[1-place]
	add("a key that is no point", "ErrSignature", noPoint, odd, New(2, []int{0, 1}, both).Append(nil), nil)

	over := base
	over.Next, over.NextHeight = later.set.Hash(), over.Height+20
	sealed := four.seal(t, &over, 1, 2, 3).Append(nil)
	to := func(s Set) func(*vector) { return func(v *vector) { v.Next = hex.EncodeToString(s.Append(nil)) } }
	add("a handover", "ok", four, over, sealed, to(later.set))
	add("a handover to another set", "ErrOtherSet", four, over, sealed, to(skew.set))
	add("no handover", "ErrOtherSet", four, base, good, to(later.set))
	add("a handover by too few", "ErrQuorum", four, over, four.seal(t, &over, 1, 2).Append(nil), to(later.set))
	add("a handover by the next set", "ErrSignature", four, over, later.seal(t, &over, 1, 2, 3).Append(nil), to(later.set))
	return list
}

func TestVectors(t *testing.T) {
	const file = "testdata/vectors.json"
	made := makeVectors(t)
	text, err := json.MarshalIndent(made, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	published, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(published, text) {
		t.Errorf("%s is not what this program makes: run go test ./crypto/seal -update, and tell whoever wrote another verifier", file)
	}
	var list []vector
	if err := json.Unmarshal(published, &list); err != nil {
		t.Fatal(err)
	}
	for _, v := range list {
		want, ok := verdicts[v.Want]
		if !ok {
			t.Fatalf("%s: unknown verdict %q", v.Name, v.Want)
		}
		if err := v.verify(t); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %s", v.Name, err, v.Want)
		}
	}
}

// No byte of a seal or a statement can be changed.
func TestSealMangled(t *testing.T) {
	s := newSigners(t, "four", 10, 10, 10, 10)
	st := statement(s.set)
	trust := NewTrust(st.Chain, st.Genesis, 1, s.set)
	good, raw := s.seal(t, &st, 0, 2, 3).Append(nil), st.Append(nil)
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 0x10
		if p, err := Parse(4, bad); err == nil && trust.Verify(&st, p) == nil {
			t.Errorf("byte %d of the seal may be anything", i)
		}
	}
	p, err := Parse(4, good)
	if err != nil || !bytes.Equal(p.Append(nil), good) || !slices.Equal(p.Signers(), []int{0, 2, 3}) {
		t.Fatalf("%v, %v", p.Signers(), err)
	}
	for i := range raw {
		bad := bytes.Clone(raw)
		bad[i] ^= 1
		if q, err := ParseStatement(bad); err == nil && trust.Verify(&q, p) == nil {
			t.Errorf("byte %d of the statement may be anything", i)
		}
	}
	for place, k := range s.keys {
		sig := sign(t, k, &st)
		for other := range s.keys {
			if err := NewVerifier(s.set).VerifyOne(&st, other, sig); (err == nil) != (other == place) {
				t.Errorf("key %d's signature as that of %d: %v", place, other, err)
			}
		}
	}
	for _, place := range []int{-1, 4} {
		if err := NewVerifier(s.set).VerifyOne(&st, place, sm2.Signature{}); !errors.Is(err, ErrSignature) {
			t.Errorf("place %d: %v", place, err)
		}
	}
}

func TestConflict(t *testing.T) {
	s := newSigners(t, "four", 10, 10, 10, 10)
	a, b := statement(s.set), statement(s.set)
	b.State[3] ^= 1
	c := Conflict{s.set.Entries()[0].Key, [2]Statement{a, b}, [2]sm2.Signature{sign(t, s.keys[0], &a), sign(t, s.keys[0], &b)}}
	if err := c.Verify(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]struct {
		do   func(*Conflict)
		want error
	}{
		"the same twice": {func(c *Conflict) { c.Statements[1], c.Signatures[1] = a, c.Signatures[0] }, ErrConflict},
		"another height": {func(c *Conflict) { c.Statements[1].Height++; c.Signatures[1] = sign(t, s.keys[0], &c.Statements[1]) }, ErrConflict},
		"another chain":  {func(c *Conflict) { c.Statements[1].Chain[0]++; c.Signatures[1] = sign(t, s.keys[0], &c.Statements[1]) }, ErrConflict},
		"another genesis": {func(c *Conflict) {
			c.Statements[0].Genesis[0]++
			c.Signatures[0] = sign(t, s.keys[0], &c.Statements[0])
		}, ErrConflict},
		"another key":    {func(c *Conflict) { c.Key = s.set.Entries()[1].Key }, ErrSignature},
		"one by another": {func(c *Conflict) { c.Signatures[1] = sign(t, s.keys[1], &b) }, ErrSignature},
		"no key":         {func(c *Conflict) { c.Key = [33]byte{} }, sm2.ErrPublicKey},
		"no statement":   {func(c *Conflict) { c.Statements[0].Time = -1 }, ErrStatement},
	} {
		bad := c
		change.do(&bad)
		if err := bad.Verify(); !errors.Is(err, change.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseSeal(f *testing.F) {
	s := newSigners(f, "four", 10, 10, 10, 10)
	st := statement(s.set)
	f.Add(uint16(4), s.seal(f, &st, 0, 1, 2).Append(nil))
	f.Add(uint16(9), []byte{0, 0})
	f.Fuzz(func(t *testing.T, n uint16, raw []byte) {
		p, err := Parse(int(n), raw)
		if err != nil {
			if !errors.Is(err, ErrSeal) {
				t.Fatal(err)
			}
			return
		}
		if !bytes.Equal(p.Append(nil), raw) || len(p.Signers()) != len(p.Signatures()) {
			t.Fatalf("%x is written as %x", raw, p.Append(nil))
		}
	})
}

func FuzzParseStatement(f *testing.F) {
	st := statement(newSigners(f, "four", 10, 10, 10, 10).set)
	f.Add(st.Append(nil))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := ParseStatement(raw)
		if err != nil {
			if !errors.Is(err, ErrStatement) {
				t.Fatal(err)
			}
			return
		}
		if !bytes.Equal(p.Append(nil), raw) {
			t.Fatalf("%x is written as %x", raw, p.Append(nil))
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	s := newSigners(b, "bench", 10, 10, 10, 10, 10, 10, 10)
	st := statement(s.set)
	sealed := s.seal(b, &st, 0, 1, 2, 3, 4)
	v := NewVerifier(s.set)
	for b.Loop() {
		if err := v.Verify(&st, sealed); err != nil {
			b.Fatal(err)
		}
	}
}
