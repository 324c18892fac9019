package api_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/cli"
	"github.com/hallmark-ledger/hallmark/light"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
)

// lie is one way of changing a bundle. field is what it changes, as the
// descriptors name it.
type lie struct {
	field, how string
	tell       func(*lightv1.Bundle)
}

// lies returns lies about every field of an honest bundle, by the descriptors of
// its messages; other is a bundle whose fields are played instead.
func lies(honest, other *lightv1.Bundle) (list []lie) {
	type step func(protoreflect.Message) protoreflect.Message // to a part of the bundle, nil if it is not there
	var walk func(m protoreflect.Message, to step, where string)
	walk = func(m protoreflect.Message, to step, where string) {
		for i := range m.Descriptor().Fields().Len() {
			f := m.Descriptor().Fields().Get(i)
			add := func(how string, tell func(m protoreflect.Message)) {
				list = append(list, lie{string(f.FullName()), where + "." + string(f.Name()) + " " + how, func(b *lightv1.Bundle) {
					if m := to(b.ProtoReflect()); m != nil {
						tell(m)
					}
				}})
			}
			if m.Has(f) {
				add("withheld", func(m protoreflect.Message) { m.Clear(f) })
			}
			add("of another bundle", func(m protoreflect.Message) {
				from := to(proto.Clone(other).ProtoReflect())
				if from != nil && from.Has(f) {
					m.Set(f, from.Get(f))
				}
			})
			switch {
			case f.IsList():
				if f.Kind() == protoreflect.MessageKind {
					add("with one that is made up", func(m protoreflect.Message) {
						m.Mutable(f).List().Append(protoreflect.ValueOfMessage(invent(m.NewField(f).List().NewElement().Message())))
					})
					if m.Get(f).List().Len() == 0 {
						made := map[string]bool{}
						fieldsOf(f.Message(), made)
						for name := range made {
							list = append(list, lie{name, where + "." + string(f.Name()) + " made up", func(b *lightv1.Bundle) {
								if m := to(b.ProtoReflect()); m != nil {
									m.Mutable(f).List().Append(protoreflect.ValueOfMessage(invent(m.NewField(f).List().NewElement().Message())))
								}
							}})
						}
					}
				}
				for j := range m.Get(f).List().Len() {
					add(fmt.Sprint("without ", j), func(m protoreflect.Message) { drop(m, f, j) })
					add(fmt.Sprint("twice ", j), func(m protoreflect.Message) { l := m.Mutable(f).List(); l.Append(l.Get(j)) })
					if f.Kind() == protoreflect.MessageKind {
						walk(m.Get(f).List().Get(j).Message(), func(b protoreflect.Message) protoreflect.Message {
							p := to(b)
							if p == nil || j >= p.Get(f).List().Len() {
								return nil
							}
							return p.Mutable(f).List().Get(j).Message()
						}, fmt.Sprint(where, ".", f.Name(), j))
					}
				}
			case f.Kind() == protoreflect.MessageKind:
				walk(m.Get(f).Message(), func(b protoreflect.Message) protoreflect.Message {
					p := to(b)
					if p == nil {
						return nil
					}
					return p.Mutable(f).Message()
				}, where+"."+string(f.Name()))
			case f.Kind() == protoreflect.BytesKind:
				for how, change := range map[string]func([]byte) []byte{
					"truncated": func(b []byte) []byte { return b[:len(b)*2/3] },
					"longer":    func(b []byte) []byte { return append(b, 0) },
					"altered at its begin": func(b []byte) []byte {
						if len(b) > 0 {
							b[0] ^= 1
						}
						return b
					},
					"altered within": func(b []byte) []byte {
						if len(b) > 0 {
							b[len(b)/2] ^= 0x10
						}
						return b
					},
					"empty": func([]byte) []byte { return []byte{} },
				} {
					add(how, func(m protoreflect.Message) {
						m.Set(f, protoreflect.ValueOfBytes(change(slices.Clone(m.Get(f).Bytes()))))
					})
				}
			default:
				for how, by := range map[string]int64{"greater": 1, "less": -1, "far greater": 1 << 40, "far less": -(1 << 40)} {
					add(how, func(m protoreflect.Message) { m.Set(f, plus(f, m.Get(f), by)) })
				}
			}
		}
	}
	walk(honest.ProtoReflect(), func(b protoreflect.Message) protoreflect.Message { return b }, "bundle")
	return list
}

// invent gives every field of a message, at every depth, a value.
func invent(m protoreflect.Message) protoreflect.Message {
	for i := range m.Descriptor().Fields().Len() {
		f := m.Descriptor().Fields().Get(i)
		one := func() protoreflect.Value {
			switch f.Kind() {
			case protoreflect.MessageKind:
				if f.IsList() {
					return protoreflect.ValueOfMessage(invent(m.NewField(f).List().NewElement().Message()))
				}
				return protoreflect.ValueOfMessage(invent(m.NewField(f).Message()))
			case protoreflect.BytesKind:
				return protoreflect.ValueOfBytes(bytes.Repeat([]byte{7}, 32))
			case protoreflect.StringKind:
				return protoreflect.ValueOfString("7")
			}
			return plus(f, f.Default(), 7)
		}
		if f.IsList() {
			m.Mutable(f).List().Append(one())
		} else {
			m.Set(f, one())
		}
	}
	return m
}

func drop(m protoreflect.Message, f protoreflect.FieldDescriptor, i int) {
	old, fresh := m.Get(f).List(), m.NewField(f)
	for j := range old.Len() {
		if j != i {
			fresh.List().Append(old.Get(j))
		}
	}
	m.Set(f, fresh)
}

func plus(f protoreflect.FieldDescriptor, v protoreflect.Value, by int64) protoreflect.Value {
	switch f.Kind() {
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(uint32(v.Uint()) + uint32(by))
	case protoreflect.Uint64Kind:
		return protoreflect.ValueOfUint64(v.Uint() + uint64(by))
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(v.Int() + by)
	}
	panic("a field of another kind: " + f.FullName())
}

// fieldsOf adds the names of all fields that a message can have.
func fieldsOf(d protoreflect.MessageDescriptor, to map[string]bool) {
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		if to[string(f.FullName())] {
			continue
		}
		to[string(f.FullName())] = true
		if f.Kind() == protoreflect.MessageKind {
			fieldsOf(f.Message(), to)
		}
	}
}

// liar is a node's interface in front of which someone changes the bundles.
type liar struct {
	*httptest.Server
	mu     sync.Mutex
	change func([]byte) []byte // guarded by mu; nil for the truth
	told   int                 // guarded by mu; how many bundles were changed
}

func newLiar(t *testing.T, s *service) *liar {
	t.Helper()
	target, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	l := new(liar)
	proxy := httputil.NewSingleHostReverseProxy(target)
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		change := l.change
		l.mu.Unlock()
		if change == nil || !strings.HasPrefix(r.URL.Path, "/v1/bundles/") {
			proxy.ServeHTTP(w, r)
			return
		}
		honest := httptest.NewRecorder()
		proxy.ServeHTTP(honest, r)
		lied := change(honest.Body.Bytes())
		if !bytes.Equal(lied, honest.Body.Bytes()) {
			l.mu.Lock()
			l.told++
			l.mu.Unlock()
		}
		for _, name := range []string{"Content-Type", "Hallmark-Height"} {
			w.Header().Set(name, honest.Header().Get(name))
		}
		w.WriteHeader(honest.Code)
		_, _ = w.Write(lied)
	}))
	t.Cleanup(l.Close)
	return l
}

func (l *liar) set(change func([]byte) []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.change = change
}

// TestLyingNode asks through the client and the command for proofs of what is so,
// of a node that lies in every field of its bundles in turn. What it gets may
// establish less than the truth, never the contrary.
func TestLyingNode(t *testing.T) {
	const good, bad = "00117Q20001R0M", "00117Q20002R0M"
	s, x := sealing(t)
	s.commit(issue(1, good, bad))
	x.seal()
	card := s.card()
	x.add(apptest.Key("seal/rotated"))
	s.mustDo(rotate(1, 0, "rotated"))
	for range 21 {
		x.seal()
		s.commit()
	}
	x.seal()
	before, _ := s.octets(bundle(apptest.CQC, bad) + "?from=1") // honest, and out of date
	s.commit(suspend(2, bad))
	x.seal()

	home := t.TempDir()
	t.Setenv("HOME", home)
	cardFile := filepath.Join(home, "card.hmcard")
	if err := os.WriteFile(cardFile, card.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	l := newLiar(t, s)
	n := 0
	var honestly *found // what an honest node's proof establishes of the claim, nil while it is asked for
	// ask gets a proof and returns what the command that gets it, and the one that
	// checks what was written, say is established.
	ask := func(kind light.Kind, number, how string) (outcome string) {
		t.Helper()
		n++
		file := filepath.Join(home, strconv.Itoa(n)+".hmb")
		args := []string{"--json", "--node", l.URL, "prove", number, "--issuer", apptest.CQC, "--claim", kind.String(), "--card", cardFile, "--out", file}
		if kind == light.OnDate {
			args = append(args, "--date", (today - 1).String())
		}
		if kind == light.Absent {
			args = slices.DeleteFunc(args, func(a string) bool { return a == "--issuer" || a == apptest.CQC })
		}
		var proof struct{ Verdict found }
		hallmark(t, home, args, &proof)
		proof.Verdict.within(t, honestly, fmt.Sprintf("%v of %s: %s: prove", kind, number, how))
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return proof.Verdict.Outcome
		}
		verify := []string{"--json", "verify", file, "--number", number, "--issuer", apptest.CQC, "--claim", kind.String(), "--card", cardFile, "--max-age", "1000000h"}
		if kind == light.Absent {
			verify = slices.DeleteFunc(verify, func(a string) bool { return a == "--issuer" || a == apptest.CQC })
		}
		if kind == light.OnDate {
			verify = append(verify, "--date", (today - 1).String())
		}
		var v found
		hallmark(t, home, verify, &v)
		v.within(t, honestly, fmt.Sprintf("%v of %s: %s: verify", kind, number, how))
		if honestly == nil {
			honestly = &v
		}
		if v.Outcome != proof.Verdict.Outcome && v.Outcome != "not-established" {
			return v.Outcome
		}
		return proof.Verdict.Outcome
	}
	seen := map[string]bool{}
	for _, c := range []struct {
		kind        light.Kind
		number      string
		truth, lies string
	}{
		{light.Valid, bad, "does-not-hold", "holds"},
		{light.Valid, good, "holds", "does-not-hold"},
		{light.Absent, bad, "does-not-hold", "holds"},
		{light.Absent, "00117Q99999R0M", "holds", "does-not-hold"},
		{light.History, bad, "holds", "does-not-hold"},
		{light.Approved, good, "holds", "does-not-hold"},
		{light.OnDate, bad, "does-not-hold", "holds"},
	} {
		l.set(nil)
		honestly = nil
		if got := ask(c.kind, c.number, "the truth"); got != c.truth {
			t.Fatalf("%v of %s is %s, want %s", c.kind, c.number, got, c.truth)
		}
		as := "?from=1&claim=" + c.kind.String()
		if c.kind == light.OnDate {
			as += "&date=" + (today - 1).String()
		}
		path, elsewhere := bundle(apptest.CQC, c.number)+as, bundle(apptest.CQC, good)+as
		if c.kind == light.Absent {
			path, elsewhere = "/v1/bundles/numbers/"+c.number+"?from=1", "/v1/bundles/numbers/"+good+"?from=1"
		}
		if c.number == good {
			elsewhere = bundle(apptest.CQC, bad) + as
		}
		honest, other, stale := s.parse(path), s.parse(elsewhere), new(lightv1.Bundle)
		if err := proto.Unmarshal(before, stale); err != nil {
			t.Fatal(err)
		}
		told := 0
		for _, from := range []*lightv1.Bundle{other, stale} {
			for i, one := range lies(honest, from) {
				seen[one.field] = true
				if from == stale && !strings.HasSuffix(one.how, "of another bundle") {
					continue
				}
				if testing.Short() && i%7 != 0 {
					continue
				}
				told++
				l.set(func(b []byte) []byte {
					m := new(lightv1.Bundle)
					if err := proto.Unmarshal(b, m); err != nil {
						t.Error(err)
					}
					one.tell(m)
					out, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
					if err != nil {
						t.Error(err)
					}
					return out
				})
				if got := ask(c.kind, c.number, one.how); got == c.lies {
					t.Errorf("%v of %s: %s: %s", c.kind, c.number, one.how, got)
				}
			}
		}
		for how, change := range map[string]func([]byte) []byte{
			"nothing": func([]byte) []byte { return nil }, "cut off": func(b []byte) []byte { return b[:len(b)/2] },
			"twice": func(b []byte) []byte { return append(slices.Clone(b), b...) }, "of another": func([]byte) []byte { return must(proto.Marshal(other)) },
		} {
			told++
			l.set(change)
			if got := ask(c.kind, c.number, how); got != "not-established" {
				t.Errorf("%v of %s: %s: %s", c.kind, c.number, how, got)
			}
		}
		t.Logf("%v of %s: %d lies", c.kind, c.number, told)
	}
	all := map[string]bool{}
	fieldsOf((&lightv1.Bundle{}).ProtoReflect().Descriptor(), all)
	for f := range all {
		if !seen[f] {
			t.Errorf("nothing was lied about in %s", f)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.told < n/2 {
		t.Errorf("%d of %d answers were changed", l.told, n)
	}
	// An honest bundle that is old says what was, and when; a limit on the age
	// keeps it from being taken for what is.
	v := light.Verify(before, card, light.Claim{Issuer: apptest.CQC, Number: bad}, light.Limits{MaxAge: time.Nanosecond}, time.Now())
	if v.Outcome != light.NotEstablished {
		t.Errorf("an old bundle: %v", v.Outcome)
	}
}

// found is what a verdict says of the ledger.
type found struct {
	Outcome     string
	Certificate map[string]any
	Records     []any
	Issuers     []any
	Seal        struct {
		Height uint64
		Time   time.Time
	}
}

// within fails where a verdict that decides says something else than the honest one:
// it may say less of the certificate, and nothing otherwise.
func (f *found) within(t *testing.T, honestly *found, what string) {
	t.Helper()
	if honestly == nil || f.Outcome == "not-established" {
		return
	}
	if !reflect.DeepEqual(f.Records, honestly.Records) || !reflect.DeepEqual(f.Issuers, honestly.Issuers) || f.Seal != honestly.Seal {
		t.Errorf("%s: found %+v, honestly %+v", what, f, honestly)
	}
	for k, v := range f.Certificate {
		if k != "at" && !reflect.DeepEqual(v, honestly.Certificate[k]) { // dates are counted at the verification
			t.Errorf("%s: %s is %v, honestly %v", what, k, v, honestly.Certificate[k])
		}
	}
}

// parse returns a bundle as a message.
func (s *service) parse(path string) *lightv1.Bundle {
	s.Helper()
	b, _ := s.octets(path)
	m := new(lightv1.Bundle)
	if err := proto.Unmarshal(b, m); err != nil {
		s.Fatal(err)
	}
	return m
}

// hallmark runs a command and reads what it printed, whatever its exit code.
func hallmark(t *testing.T, home string, args []string, to any) {
	t.Helper()
	in, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var out, errOut bytes.Buffer
	code := cli.Run(t.Context(), args, in, &out, &errOut, func(name string) string { return map[string]string{"HOME": home}[name] })
	if code == 3 {
		t.Fatalf("%v: %s", args, errOut.Bytes())
	}
	if err := json.Unmarshal(out.Bytes(), to); err != nil {
		t.Fatalf("%v: %d, %v: %s%s", args, code, err, out.Bytes(), errOut.Bytes())
	}
}
