package evidence

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	xevidence "github.com/hallmark-ledger/hallmark/x/evidence"
)

// memoryDisk is a disk in memory.
type memoryDisk struct{ data []byte }

func (d *memoryDisk) ReadAt(p []byte, at int64) (int, error) {
	if at >= int64(len(d.data)) {
		return 0, io.EOF
	}
	n := copy(p, d.data[at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (d *memoryDisk) WriteAt(p []byte, at int64) (int, error) {
	d.data = append(d.data[:at], p...)
	return len(p), nil
}

func (d *memoryDisk) Truncate(size int64) error { d.data = d.data[:size]; return nil }
func (d *memoryDisk) Sync() error               { return nil }
func (d *memoryDisk) Close() error              { return nil }

func template() xevidence.Anchor {
	return xevidence.Anchor{
		Member: "lab", Kind: xevidence.Report, Method: "GB/T 1", Retention: xevidence.SixYears,
		Subject: xevidence.OfProduct("https://id.gs1.org/01/09506000134352"),
	}
}

// blank returns a manifest without leaves.
func blank(t *testing.T, source Source) *memoryDisk {
	t.Helper()
	path := filepath.Join(t.TempDir(), "m.hmev")
	w, err := Create(path, Begin{Source: source, Path: "x", Anchor: template()})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return &memoryDisk{raw}
}

func appendTo(t *testing.T, d *memoryDisk) *Writer {
	t.Helper()
	w := new(Writer)
	if err := w.open(d, int64(len(d.data))); err != nil {
		t.Fatal(err)
	}
	return w
}

func some(source Source, n int) Leaf {
	l := Leaf{Content: sm3.Sum([]byte(fmt.Sprint("content ", n))), Size: uint64(n % 300), Captured: 1e18 + int64(n)*1000, Position: uint64(n) * 10}
	if source != Lines {
		l.Name, l.Modified, l.Position = fmt.Sprintf("folder %d/检测 %d.pdf", n/7, n), l.Captured-int64(n%3), 0
	}
	return l
}

// The bytes of a leaf are what protobuf makes of it.
func TestLeafEncoding(t *testing.T) {
	salt := [saltSize]byte{1, 2, 3}
	for n := range 50 {
		for _, source := range []Source{Files, Lines} {
			l := some(source, n)
			want, err := xevidence.EncodeLeaf(&xevidence.Leaf{Content: l.Content, Size: l.Size, Name: l.Name, Captured: time.Unix(0, l.Captured), Salt: salt[:]})
			if err != nil || !bytes.Equal(l.Encode(nil, &salt), want) {
				t.Fatalf("%+v: %x, want %x, %v", l, l.Encode(nil, &salt), want, err)
			}
		}
	}
}

// Salts are of the whole state alone, and as the document says.
func TestSalts(t *testing.T) {
	secret := [32]byte{9}
	got := make([][saltSize]byte, 21)
	salts(sm3.NewHasher(), &secret, 1000, got)
	for i := range got {
		in := append(sm3.TagBlock("hallmark/salt/v1"), secret[:]...)
		in = binary.BigEndian.AppendUint64(in, 1000+uint64(i))
		want := sm3.Sum(append(in, make([]byte, 24)...))
		if !bytes.Equal(got[i][:], want[:saltSize]) {
			t.Fatalf("salt %d: %x, want %x", i, got[i], want)
		}
	}
}

// The tree by groups is the tree, and so are its paths.
func TestGroups(t *testing.T) {
	for _, n := range []int{1, 2, 3, 1023, 1024, 1025, 2048, 2049, 3071, 3072, 5000, 8192, 9217} {
		hashes := make([]sm3.Hash, n)
		for i := range hashes {
			hashes[i] = sm3.Sum(binary.BigEndian.AppendUint32(nil, uint32(i)))
		}
		whole := merkle.NewTree(hashes)
		var tr tree
		for rest := hashes; len(rest) > 0; {
			k := min(len(rest), 1+rand.IntN(700))
			tr.add(rest[:k])
			rest = rest[k:]
		}
		if tr.root() != whole.Root() || tr.size() != uint64(n) {
			t.Fatalf("%d leaves: another root", n)
		}
		for _, i := range []int{0, n / 2, n - 1, rand.IntN(n)} {
			begin := i - i%groupLeaves
			path, err := auditPath(uint64(i), hashes[begin:min(begin+groupLeaves, n)], tr.roots())
			want, err2 := whole.Inclusion(uint64(i))
			if err != nil || err2 != nil || fmt.Sprint(path) != fmt.Sprint(want.Path) {
				t.Fatalf("%d leaves: another path for leaf %d", n, i)
			}
		}
	}
}

// What is written is read back, whatever the sizes of frames; every leaf is proven;
// the writer goes on after each end.
func TestManifest(t *testing.T) {
	for _, source := range []Source{Files, Lines} {
		d := blank(t, source)
		var leaves []Leaf
		var sizes []int
		for _, size := range []int{1, 5, 1024, 1025, 3000, 2} {
			for range size {
				w := appendTo(t, d)
				for range 1 + rand.IntN(600) {
					if w.Open() == uint64(size) {
						break
					}
					l := some(source, len(leaves))
					leaves = append(leaves, l)
					if err := w.Add(l); err != nil {
						t.Fatal(err)
					}
				}
				open := w.Open()
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				if open == uint64(size) {
					break
				}
			}
			w := appendTo(t, d)
			a, err := w.CloseAnchor()
			if err != nil || a.Leaves != uint64(size) {
				t.Fatalf("%+v, %v, want %d leaves", a, err, size)
			}
			if err := w.Sync(); err != nil {
				t.Fatal(err)
			}
			if err := w.Done(a.Number, Outcome{Height: a.Number * 10}); err != nil {
				t.Fatal(err)
			}
			if *w.Last() != leaves[len(leaves)-1] {
				t.Errorf("last leaf %+v", w.Last())
			}
			if _, err := w.CloseAnchor(); !errors.Is(err, ErrEmpty) {
				t.Fatal(err)
			}
			sizes = append(sizes, size)
		}
		r, err := NewReader(d, int64(len(d.data)))
		if err != nil || len(r.Anchors) != len(sizes) {
			t.Fatal(r, err)
		}
		n := 0
		for i, a := range r.Anchors {
			for range sizes[i] {
				n++
				if n > 30 && n%211 > 0 { // all of the first, some of the others
					continue
				}
				p, err := r.Prove(uint64(n - 1))
				if err != nil || p.Anchor != a {
					t.Fatalf("leaf %d: %v", n-1, err)
				}
				got, want := p.Leaf, leaves[n-1]
				got.Position, want.Position = 0, 0
				if got != want {
					t.Fatalf("leaf %d: %+v, want %+v", n-1, p.Leaf, leaves[n-1])
				}
				if err := r.Find(leaves[n-1].Content, func(f Found) bool { return f.Number == uint64(n-1) }); err != nil {
					t.Fatal(err)
				}
			}
			if a.Outcome == nil || a.Outcome.Height != a.Number*10 {
				t.Errorf("anchor %d: %+v", i, a)
			}
			if a.From.UnixNano() != leaves[a.First].Captured || a.To.UnixNano() != leaves[n-1].Captured {
				t.Errorf("anchor %d: times %v to %v", i, a.From, a.To)
			}
		}
		if _, err := r.Prove(uint64(n)); !errors.Is(err, ErrNoLeaf) {
			t.Error(err)
		}
	}
}

// A manifest that ends anywhere in its last frame, or is garbled there, is the one
// before that frame; one that is garbled where it was durable is refused.
func TestTorn(t *testing.T) {
	d := blank(t, Files)
	w := appendTo(t, d)
	add := func(n int) {
		for i := range n {
			if err := w.Add(some(Files, i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	add(3)
	if _, err := w.CloseAnchor(); err != nil {
		t.Fatal(err)
	}
	add(2)
	if err := w.Sync(); err != nil {
		t.Fatal(err)
	}
	whole := int64(len(d.data))
	for _, last := range []func(){func() { add(2) }, func() {
		if _, err := w.put(kindOutcome, func(dst []byte) ([]byte, error) { return (&Outcome{Height: 1}).encode(dst, 1), nil }); err != nil {
			t.Fatal(err)
		}
	}} {
		open := w.Open()
		last()
		full := bytes.Clone(d.data)
		for cut := whole; cut < int64(len(full)); cut++ {
			for _, rest := range [][]byte{nil, make([]byte, 1), make([]byte, 4000), bytes.Repeat([]byte{0xff}, 70)} {
				torn := &memoryDisk{append(bytes.Clone(full[:cut]), rest...)}
				again := appendTo(t, torn)
				if int64(len(torn.data)) != whole || again.Open() != open {
					t.Fatalf("cut at %d, then %d bytes: %d bytes are left with %d leaves, want %d", cut, len(rest), len(torn.data), again.Open(), whole)
				}
				if err := again.Add(some(Files, 9)); err != nil {
					t.Fatal(err)
				}
				if _, err := again.CloseAnchor(); err != nil {
					t.Fatal(err)
				}
				r, err := NewReader(torn, int64(len(torn.data)))
				if err != nil || len(r.Anchors) != 2 {
					t.Fatal(err)
				}
				if _, err := r.Prove(3 + open); err != nil {
					t.Fatal(err)
				}
			}
		}
		for i := whole; i < int64(len(full)); i++ {
			garbled := &memoryDisk{bytes.Clone(full)}
			garbled.data[i] ^= 0x10
			if again := appendTo(t, garbled); int64(len(garbled.data)) != whole || again.Open() != open {
				t.Fatalf("byte %d changed: %d bytes are left", i, len(garbled.data))
			}
		}
		if err := w.Sync(); err != nil { // now it is durable
			t.Fatal(err)
		}
		full = bytes.Clone(d.data)
		for i := int64(headerSize); i < int64(len(full)-frameSize-markSize); i++ {
			garbled := &memoryDisk{bytes.Clone(full)}
			garbled.data[i] ^= 0x10
			err := new(Writer).open(garbled, int64(len(garbled.data)))
			r, err2 := NewReader(garbled, int64(len(garbled.data)))
			if err == nil && err2 == nil {
				_, err = r.Prove(2) // of the closed anchor, which a writer does not read
			}
			if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrManifest) || len(garbled.data) != len(full) {
				t.Errorf("byte %d of %d changed: %v, %v, %d bytes left", i, len(full), err, err2, len(garbled.data))
			}
		}
		w = appendTo(t, d)
		whole = int64(len(d.data))
	}
}
