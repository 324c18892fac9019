package sealer

import (
	"sync"

	"github.com/cockroachdb/pebble/vfs"
)

// fuse is a file system on which, after some operations that make something
// durable, nothing is made durable any more.
type fuse struct {
	vfs.FS
	blown func()

	mu   sync.Mutex
	left int // guarded by mu; below zero once blown
}

func (f *fuse) burn() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left == 0 {
		f.blown()
	}
	f.left = max(-1, f.left-1)
}

func (f *fuse) reached() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.left < 0
}

func (f *fuse) wrap(file vfs.File, err error) (vfs.File, error) {
	if err != nil {
		return nil, err
	}
	return fusedFile{file, f}, nil
}

func (f *fuse) Create(name string) (vfs.File, error) { return f.wrap(f.FS.Create(name)) }

func (f *fuse) ReuseForWrite(from, to string) (vfs.File, error) {
	return f.wrap(f.FS.ReuseForWrite(from, to))
}

func (f *fuse) OpenDir(name string) (vfs.File, error) { return f.wrap(f.FS.OpenDir(name)) }

type fusedFile struct {
	vfs.File
	f *fuse
}

func (f fusedFile) Sync() error {
	f.f.burn()
	return f.File.Sync()
}

func (f fusedFile) SyncData() error {
	f.f.burn()
	return f.File.SyncData()
}

func (f fusedFile) SyncTo(length int64) (bool, error) {
	f.f.burn()
	return f.File.SyncTo(length)
}
