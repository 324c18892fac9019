package evidence

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// write writes files, NAME → content.
func write(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func options(t *testing.T, folder string) Options {
	t.Helper()
	roots, err := NewRoots([]string{folder}, "")
	if err != nil {
		t.Fatal(err)
	}
	return Options{Manifest: filepath.Join(t.TempDir(), "m.hmev"), Begin: Begin{Anchor: template()}, Roots: roots, Jobs: 3}
}

// leavesOf returns the leaves of a manifest.
func leavesOf(t *testing.T, path string) (list []Leaf) {
	t.Helper()
	s, err := newStream(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	for {
		l, err := s.next()
		if err != nil {
			t.Fatal(err)
		}
		if l == nil {
			return list
		}
		list = append(list, *l)
	}
}

func names(list []Leaf) string {
	var all []string
	for _, l := range list {
		all = append(all, l.Name)
	}
	return strings.Join(all, " ")
}

func TestAnchorFiles(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, map[string]string{"b": "2", "a.txt": "1", "a/z": "4", "a/b/c": "3", "报告.pdf": "5", "empty": ""})
	if err := os.Symlink("b", filepath.Join(folder, "link")); err != nil {
		t.Skip(err)
	}
	o := options(t, folder)
	var skipped []string
	var last Progress
	o.Skipped = func(name string, why error) { skipped = append(skipped, fmt.Sprint(name, errors.Is(why, ErrNotFile))) }
	o.Progress = func(p Progress) { last = p }
	w, err := AnchorFiles(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	list := leavesOf(t, o.Manifest)
	if got, want := names(list), "a/b/c a/z a.txt b empty 报告.pdf"; got != want {
		t.Errorf("order %q, want %q", got, want)
	}
	for _, l := range list {
		raw, err := os.ReadFile(filepath.Join(folder, l.Name))
		if err != nil || l.Content != sm3.Sum(raw) || l.Size != uint64(len(raw)) || l.Captured != l.Modified {
			t.Errorf("%+v: %v", l, err)
		}
	}
	if fmt.Sprint(skipped) != "[linktrue]" || last.Files != 6 || last.TotalFiles != 6 || last.Bytes != 5 || last.TotalBytes != 5 {
		t.Errorf("skipped %v, progress %+v", skipped, last)
	}
	// Done is done, whatever became of the files.
	id := w.Anchors()[0].ID
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, folder, map[string]string{"c": "new"})
	w, err = AnchorFiles(t.Context(), o)
	if err != nil || len(w.Anchors()) != 1 || w.Anchors()[0].ID != id {
		t.Fatal(err)
	}
	o.Begin.Anchor.Method = "another"
	if _, err := AnchorFiles(t.Context(), o); !errors.Is(err, ErrInUse) {
		t.Error(err)
	}
	w.Close()
	if _, err := AnchorFiles(t.Context(), o); !errors.Is(err, ErrOther) {
		t.Error(err)
	}
}

// errStop ends a run as an interruption does.
var errStop = errors.New("stop")

// An interrupted run goes on: what was read and has not changed is not read again,
// wherever files were changed, added and removed meanwhile.
func TestAnchorFilesResumes(t *testing.T) {
	folder := t.TempDir()
	content := map[string]string{}
	for i := range 300 {
		content[fmt.Sprintf("d%d/f%d", i/20, i)] = fmt.Sprint(i)
	}
	write(t, folder, content)
	o := options(t, folder)
	o.Jobs = 1
	old := time.Now().Add(-time.Hour)
	stamp := func(name string) {
		if err := os.Chtimes(filepath.Join(folder, name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	for name := range content {
		stamp(name)
	}
	changes := []func(){
		func() {},
		func() {},
		func() { write(t, folder, map[string]string{"d1/f25": "changed"}) },
		func() { write(t, folder, map[string]string{"a-first": "new"}) },
		func() { os.Remove(filepath.Join(folder, "d0/f3")) },
		func() {},
	}
	reads := map[string]int{}
	for i, change := range changes {
		change()
		ctx, cancel := context.WithCancelCause(t.Context())
		stop := 50
		if i == len(changes)-1 {
			stop = 1 << 30
		}
		n := 0
		o.reading = func(f *file) {
			reads[f.name]++
			if n++; n == stop {
				cancel(errStop)
			}
		}
		w, err := AnchorFiles(ctx, o)
		cancel(nil)
		if i < len(changes)-1 {
			if err == nil {
				t.Fatal("it came to its end before it was interrupted")
			}
			if !errors.Is(err, errStop) {
				t.Fatal(err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		w.Close()
	}
	again := 0
	for name, n := range reads {
		want := 1
		if name == "d1/f25" {
			want = 2
		}
		if n > want {
			again += n - want
		}
	}
	if again > len(changes) { // the one that is being read when it is interrupted
		t.Errorf("%d files were read again", again)
	}
	if len(wasOf(o.Manifest)) > 0 {
		t.Error("what was put aside is left")
	}
	content["d1/f25"], content["a-first"] = "changed", "new"
	delete(content, "d0/f3")
	list := leavesOf(t, o.Manifest)
	if len(list) != len(content) {
		t.Fatalf("%d leaves, want %d", len(list), len(content))
	}
	for i, l := range list {
		if l.Content != sm3.Sum([]byte(content[l.Name])) || i > 0 && comparePaths(list[i-1].Name, l.Name) >= 0 {
			t.Errorf("%+v", l)
		}
	}
}

// A file that is written to while it is read is not anchored.
func TestChangedWhileRead(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, map[string]string{"a": "1"})
	o := options(t, folder)
	o.reading = func(f *file) { write(t, folder, map[string]string{"a": strings.Repeat("x", int(f.info.Size())+1)}) }
	if _, err := AnchorFiles(t.Context(), o); !errors.Is(err, ErrChanged) {
		t.Error(err)
	}
}

func TestRoots(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, map[string]string{"a/1": "", "a/b/2": "", "c/3": ""})
	for _, c := range []struct{ paths, base, want string }{
		{"a", "", "1 b/2"},
		{"a/1", "", "1"},
		{"a c", "", "a/1 a/b/2 c/3"},
		{"c a/b a a/1", "", "a/1 a/b/2 c/3"},
		{"a/b", ".", "a/b/2"},
		{"a/1 a/b/2", "", "1 b/2"},
		{"c", "a", "error"},
	} {
		var paths []string
		for _, p := range strings.Fields(c.paths) {
			paths = append(paths, filepath.Join(folder, p))
		}
		base := c.base
		if base != "" {
			base = filepath.Join(folder, base)
		}
		r, err := NewRoots(paths, base)
		got := "error"
		if err == nil {
			var list []string
			err = r.walk(t.Context(), func(f *file) error { list = append(list, f.name); return nil }, func(string, error) error { return nil })
			got = strings.Join(list, " ")
		}
		if got != c.want {
			t.Errorf("%q below %q: %q, want %q, %v", c.paths, c.base, got, c.want, err)
		}
	}
	if runtime.GOOS != "windows" {
		if err := os.Symlink("a", filepath.Join(folder, "link")); err != nil {
			t.Fatal(err)
		}
		r, err := NewRoots([]string{filepath.Join(folder, "link")}, "")
		if err == nil {
			err = r.walk(t.Context(), func(*file) error { return nil }, func(string, error) error { return nil })
		}
		if !errors.Is(err, ErrNotFile) {
			t.Error(err)
		}
	}
}

// largeSum is SM3 of 4 GiB and 12,342 zero bytes and "end": as openssl dgst -sm3 says.
const largeSum = "6f4825cce9a4cc55bda796f887af214814fc79d7477b01f8c0c1a16c0704ad72"

// A file of more than 4 GiB, most of it a hole.
func TestLargeFile(t *testing.T) {
	if testing.Short() {
		t.Skip("it hashes for some seconds")
	}
	folder := t.TempDir()
	const size = 4<<30 + 12345
	f, err := os.Create(filepath.Join(folder, "large"))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(size); err != nil {
		t.Skip("no holes here: ", err)
	}
	if _, err := f.WriteAt([]byte("end"), size-3); err != nil {
		t.Fatal(err)
	}
	f.Close()
	o := options(t, folder)
	begun := time.Now()
	w, err := AnchorFiles(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	took := time.Since(begun)
	l := leavesOf(t, o.Manifest)[0]
	if l.Size != size || l.Content.String() != largeSum {
		t.Errorf("%+v", l)
	}
	t.Logf("%.0f MB/s", size/took.Seconds()/1e6)
}

// The manifest is no evidence of itself, whatever way leads to it: a folder that is
// watched by another way than the manifest would never come to rest.
func TestManifestByAnotherWay(t *testing.T) {
	base := t.TempDir()
	write(t, base, map[string]string{"real/job/a": "a"})
	if err := os.Symlink(filepath.Join(base, "real"), filepath.Join(base, "link")); err != nil {
		t.Skip(err)
	}
	o := options(t, filepath.Join(base, "link", "job"))
	o.Manifest = filepath.Join(base, "real", "job", "m.hmev")
	w, err := AnchorFiles(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := names(leavesOf(t, o.Manifest)); got != names([]Leaf{{Name: "a"}}) {
		t.Errorf("anchored: %s", got)
	}
}
