package engine

import (
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/vfs"
)

// recordingFS is a file system in memory that notes every operation that
// changes it, so that what a disk would hold after a loss of power at any
// moment can be made afterwards: only what was synced, everything that was
// written, or something in between.
type recordingFS struct {
	vfs.FS
	mu     sync.Mutex
	events []event
	inodes map[string]int // of paths
	count  int            // of inodes
}

// event is one operation. It is noted when it is complete.
type event struct {
	op      string // mkdir, create, link, remove, write, sync, syncdir, mark
	path    string
	inode   int
	at      int64
	data    []byte
	version uint64 // of a mark: Commit was called (op "call") or returned nil ("done")
}

func newRecordingFS() *recordingFS {
	return &recordingFS{FS: vfs.NewMem(), inodes: map[string]int{}}
}

func (r *recordingFS) note(e event) { r.events = append(r.events, e) }

// mark notes that Commit was called for a version, or returned nil.
func (r *recordingFS) mark(op string, version uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.note(event{op: op, version: version})
}

func (r *recordingFS) MkdirAll(dir string, perm os.FileMode) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.note(event{op: "mkdir", path: path.Clean(dir)})
	return r.FS.MkdirAll(dir, perm)
}

func (r *recordingFS) Create(name string) (vfs.File, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f, err := r.FS.Create(name)
	if err != nil {
		return nil, err
	}
	r.count++
	r.inodes[name] = r.count
	r.note(event{op: "create", path: name, inode: r.count})
	return &recordedFile{File: f, r: r, inode: r.count}, nil
}

func (r *recordingFS) Link(from, to string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.FS.Link(from, to); err != nil {
		return err
	}
	r.inodes[to] = r.inodes[from]
	r.note(event{op: "create", path: to, inode: r.inodes[from]})
	return nil
}

func (r *recordingFS) Rename(from, to string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rename(from, to)
}

func (r *recordingFS) rename(from, to string) error {
	if err := r.FS.Rename(from, to); err != nil {
		return err
	}
	r.inodes[to] = r.inodes[from]
	delete(r.inodes, from)
	r.note(event{op: "rename", path: to, inode: r.inodes[to], data: []byte(from)})
	return nil
}

func (r *recordingFS) ReuseForWrite(from, to string) (vfs.File, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f, err := r.FS.ReuseForWrite(from, to)
	if err != nil {
		return nil, err
	}
	r.inodes[to] = r.inodes[from]
	delete(r.inodes, from)
	r.note(event{op: "rename", path: to, inode: r.inodes[to], data: []byte(from)})
	return &recordedFile{File: f, r: r, inode: r.inodes[to]}, nil
}

func (r *recordingFS) Remove(name string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.FS.Remove(name); err != nil {
		return err
	}
	delete(r.inodes, name)
	r.note(event{op: "remove", path: name})
	return nil
}

func (r *recordingFS) OpenDir(name string) (vfs.File, error) {
	f, err := r.FS.OpenDir(name)
	return &recordedFile{File: f, r: r, dir: path.Clean(name)}, err
}

// Nobody writes in place or removes trees; whoever starts to must say here how
// that survives a loss of power.

func (r *recordingFS) OpenReadWrite(string, ...vfs.OpenOption) (vfs.File, error) {
	panic("recordingFS: OpenReadWrite")
}
func (r *recordingFS) RemoveAll(string) error { panic("recordingFS: RemoveAll") }

// Lock takes no lock and leaves no file: the process that had it is gone.
func (r *recordingFS) Lock(string) (io.Closer, error) { return io.NopCloser(nil), nil }

type recordedFile struct {
	vfs.File
	r     *recordingFS
	dir   string // of a directory
	inode int
	at    int64
}

func (f *recordedFile) Write(b []byte) (int, error) {
	f.r.mu.Lock()
	defer f.r.mu.Unlock()
	data := slices.Clone(b)
	n, err := f.File.Write(b)
	f.r.note(event{op: "write", inode: f.inode, at: f.at, data: data[:n]})
	f.at += int64(n)
	return n, err
}

func (f *recordedFile) Sync() error {
	f.r.mu.Lock()
	defer f.r.mu.Unlock()
	if f.dir != "" {
		f.r.note(event{op: "syncdir", path: f.dir})
	} else {
		f.r.note(event{op: "sync", inode: f.inode})
	}
	return f.File.Sync()
}

func (f *recordedFile) SyncData() error { return f.Sync() }

func (f *recordedFile) SyncTo(int64) (bool, error) { return false, nil } // promises nothing

// disk replays events to say what a disk may hold.
type disk struct {
	files map[int]*diskFile
	dirs  map[string]*diskDir
}

type diskFile struct {
	synced  []byte
	pending []event // writes since the last sync
}

type diskDir struct {
	synced  map[string]int // names of files to inodes; of directories to 0
	pending []event        // since the last sync
}

func newDisk() *disk {
	return &disk{files: map[int]*diskFile{}, dirs: map[string]*diskDir{"/": newDiskDir()}}
}

func newDiskDir() *diskDir { return &diskDir{synced: map[string]int{}} }

func (f *diskFile) apply(e *event, n int) {
	end := int(e.at) + n
	if grow := end - len(f.synced); grow > 0 {
		f.synced = append(f.synced, make([]byte, grow)...)
	}
	copy(f.synced[e.at:end], e.data[:n])
}

func (d *diskDir) apply(e *event) {
	switch e.op {
	case "mkdir":
		d.synced[path.Base(e.path)] = 0
	case "create":
		d.synced[path.Base(e.path)] = e.inode
	case "rename":
		delete(d.synced, path.Base(string(e.data)))
		d.synced[path.Base(e.path)] = e.inode
	case "remove":
		delete(d.synced, path.Base(e.path))
	}
}

// replay goes on with e.
func (d *disk) replay(e event) {
	switch e.op {
	case "mkdir":
		for at := e.path; d.dirs[at] == nil; at = path.Dir(at) {
			d.dirs[at] = newDiskDir()
			parent := path.Dir(at)
			if d.dirs[parent] == nil {
				d.replay(event{op: "mkdir", path: parent})
			}
			d.dirs[parent].pending = append(d.dirs[parent].pending, event{op: "mkdir", path: at})
		}
	case "create":
		if d.files[e.inode] == nil {
			d.files[e.inode] = &diskFile{}
		}
		dir := d.dirs[path.Dir(e.path)]
		dir.pending = append(dir.pending, e)
	case "rename", "remove":
		dir := d.dirs[path.Dir(e.path)]
		dir.pending = append(dir.pending, e)
	case "write":
		f := d.files[e.inode]
		f.pending = append(f.pending, e)
	case "sync":
		f := d.files[e.inode]
		for i := range f.pending {
			f.apply(&f.pending[i], len(f.pending[i].data))
		}
		f.pending = f.pending[:0]
	case "syncdir":
		dir := d.dirs[e.path]
		for i := range dir.pending {
			dir.apply(&dir.pending[i])
		}
		dir.pending = dir.pending[:0]
	}
}

// How much of what was not synced survives.
type survival int

const (
	syncedOnly survival = iota // a loss of power, at its worst
	everything                 // the process was killed
	someOfIt                   // of each file and directory, the first part
)

func (s survival) String() string {
	return [...]string{"what was synced", "everything", "some of it"}[s]
}

// contents returns a file system with what survives.
func (d *disk) contents(t testing.TB, s survival, r *rand.Rand) vfs.FS {
	t.Helper()
	mem := vfs.NewMem()
	var put func(dir string)
	put = func(dir string) {
		src := d.dirs[dir]
		now := &diskDir{synced: maps.Clone(src.synced)}
		for i := range src.pending[:surviving(len(src.pending), s, r)] {
			now.apply(&src.pending[i])
		}
		names := slices.Sorted(maps.Keys(now.synced))
		for _, name := range names {
			full := path.Join(dir, name)
			inode := now.synced[name]
			if inode == 0 {
				if err := mem.MkdirAll(full, 0o755); err != nil {
					t.Fatal(err)
				}
				put(full)
				continue
			}
			f := d.files[inode]
			after := &diskFile{synced: f.synced}
			if n := surviving(len(f.pending), s, r); n > 0 {
				after.synced = slices.Clone(f.synced)
				for i := range f.pending[:n] {
					size := len(f.pending[i].data)
					if i == n-1 && s == someOfIt {
						size = r.IntN(size + 1)
					}
					after.apply(&f.pending[i], size)
				}
			}
			out, err := mem.Create(full)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := out.Write(slices.Clone(after.synced)); err != nil {
				t.Fatal(err)
			}
			if err := out.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	put("/")
	return mem
}

func surviving(n int, s survival, r *rand.Rand) int {
	switch s {
	case syncedOnly:
		return 0
	case everything:
		return n
	}
	return r.IntN(n + 1)
}

// TestRecordingFS holds the simulated disk to what POSIX promises.
func TestRecordingFS(t *testing.T) {
	r := newRecordingFS()
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	sync := func(dir string) {
		d, err := r.OpenDir(dir)
		must(err)
		must(d.Sync())
	}
	must(r.MkdirAll("/a/b", 0o755))
	f, err := r.Create("/a/b/f")
	must(err)
	_, err = f.Write([]byte("one"))
	must(err)
	must(f.Sync())
	_, err = f.Write([]byte("two"))
	must(err)
	must(r.Rename("/a/b/f", "/a/b/g"))
	list := func(s survival) string {
		d := newDisk()
		for _, e := range r.events {
			d.replay(e)
		}
		var out []string
		fs := d.contents(t, s, rand.New(rand.NewPCG(1, 1)))
		for _, name := range []string{"/a/b/f", "/a/b/g"} {
			if f, err := fs.Open(name); err == nil {
				raw, err := io.ReadAll(f)
				must(err)
				out = append(out, path.Base(name)+"="+string(raw))
			}
		}
		return strings.Join(out, " ")
	}
	if got := list(syncedOnly); got != "" {
		t.Errorf("nothing leads to the file, but there is %q", got)
	}
	if got := list(everything); got != "g=onetwo" {
		t.Errorf("everything is %q", got)
	}
	sync("/")
	sync("/a")
	if got := list(syncedOnly); got != "" {
		t.Errorf("the name was not synced, but there is %q", got)
	}
	sync("/a/b")
	if got := list(syncedOnly); got != "g=one" {
		t.Errorf("after the sync there is %q", got)
	}
}
