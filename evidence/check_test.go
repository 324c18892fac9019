package evidence

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestCheckFiles(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, map[string]string{"a": "1", "b/c": "2", "b/d": "3", "e": "4"})
	o := options(t, folder)
	w, err := AnchorFiles(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := Open(o.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	look := func() string {
		t.Helper()
		if n, err := r.CheckRoots(t.Context()); err != nil || n != 4 {
			t.Fatal(n, err)
		}
		var list []string
		err := r.CheckFiles(t.Context(), o.Roots, 2, func(name string, d Difference) {
			list = append(list, fmt.Sprint(name, " ", d))
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(list, ", ")
	}
	if got := look(); got != "a 0, b/c 0, b/d 0, e 0" {
		t.Error(got)
	}
	write(t, folder, map[string]string{"a": "one", "f": "5"})
	if err := os.RemoveAll(filepath.Join(folder, "b")); err != nil {
		t.Fatal(err)
	}
	if got := look(); got != "a 1, e 0, f 3, b/c 2, b/d 2" {
		t.Error(got)
	}
}

func TestCheckLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lines")
	o := watchOptions(t)
	lines := strings.Split("a b c d e f", " ")
	o.Stream, o.Leaves = strings.NewReader(strings.Join(lines, "\n")), 4
	if _, err := Watch(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text    string
		differs uint64
		more    int64
	}{
		{"a b c d e f", 0, 0},
		{"a b c d e f ", 0, 0},
		{"a b x d e f", 3, 0},
		{"a b c d", 0, 2},
		{"a b c d e f g h", 0, -2},
		{"b c d e f", 1, 1},
		{"", 0, 6},
	} {
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(c.text, " ", "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := Open(o.Manifest)
		if err != nil {
			t.Fatal(err)
		}
		differs, more, err := r.CheckLines(t.Context(), []string{path})
		if err != nil || differs != c.differs || more != c.more {
			t.Errorf("%q: line %d, %d more, %v", c.text, differs, more, err)
		}
		r.Close()
	}
	for n, want := range lines {
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\r\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := LineOf(t.Context(), path, uint64(n)+1); err != nil || string(got) != want {
			t.Errorf("line %d: %q, %v", n+1, got, err)
		}
	}
	if _, err := LineOf(t.Context(), path, 7); !errors.Is(err, ErrNoLeaf) {
		t.Error(err)
	}
}

// Leaves that were changed with their frame's check are found by the root.
func TestCheckRoots(t *testing.T) {
	raw := sampleManifest(t, Lines)
	r, err := NewReader(&memoryDisk{raw}, int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := r.CheckRoots(t.Context()); err != nil || n != 12 {
		t.Fatal(n, err)
	}
	fr, err := r.frames.frameAt(r.begun)
	if err != nil {
		t.Fatal(err)
	}
	forged := slices.Clone(raw)
	body := forged[fr.offset : fr.end()-4]
	body[60] ^= 1
	copy(forged[fr.end()-4:], r.frames.id.endFrame(slices.Clone(body), 0, fr.offset)[len(body):])
	if r, err = NewReader(&memoryDisk{forged}, int64(len(forged))); err != nil {
		t.Fatal(err)
	}
	if _, err := r.CheckRoots(t.Context()); !errors.Is(err, ErrRoot) {
		t.Error(err)
	}
	if _, err := r.Prove(0); !errors.Is(err, ErrDamaged) {
		t.Error(err)
	}
}
