package evidence

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ErrNotFile: what was named is no regular file and no folder, a symbolic link for
// instance. Name what it leads to.
var ErrNotFile = errors.New("evidence: not a regular file")

// ErrOutside: a file does not lie below the base that was given.
var ErrOutside = errors.New("evidence: not below the base")

// Roots is what files are taken from.
type Roots struct {
	// Base is the folder to which names are relative.
	Base string
	// Paths are absolute, in the order of comparePaths, none below another.
	Paths []string
	// Without are paths that are left out: the manifest itself.
	Without []string
}

// NewRoots returns what was named. base may be empty: then it is the folder, if one
// is named alone, or else the deepest folder that everything lies in.
func NewRoots(paths []string, base string) (r Roots, err error) {
	if len(paths) == 0 {
		return r, ErrEmpty
	}
	for _, p := range paths {
		if p, err = filepath.Abs(p); err != nil {
			return r, fmt.Errorf("evidence: %w", err)
		}
		r.Paths = append(r.Paths, p)
	}
	slices.SortFunc(r.Paths, func(a, b string) int { return comparePaths(filepath.ToSlash(a), filepath.ToSlash(b)) })
	kept := r.Paths[:1]
	for _, p := range r.Paths[1:] {
		if !within(p, kept[len(kept)-1]) {
			kept = append(kept, p)
		}
	}
	r.Paths = kept
	if r.Base, err = filepath.Abs(base); base == "" || err != nil {
		r.Base = commonFolder(r.Paths)
	}
	for _, p := range r.Paths {
		if !within(p, r.Base) {
			return r, fmt.Errorf("%w %s: %s", ErrOutside, r.Base, p)
		}
	}
	return r, nil
}

// WithoutManifest leaves out a manifest, and what lies beside it.
func (r *Roots) WithoutManifest(path string) {
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	r.Without = append(r.Without, path, path+".lock", path+".tmp")
	r.Without = append(r.Without, wasOf(path)...)
}

// commonFolder returns the folder that all of the paths lie in.
func commonFolder(paths []string) string {
	if len(paths) == 1 {
		if info, err := os.Lstat(paths[0]); err == nil && info.IsDir() {
			return paths[0]
		}
	}
	folder := filepath.Dir(paths[0])
	for _, p := range paths[1:] {
		for !within(p, folder) {
			folder = filepath.Dir(folder)
		}
	}
	return folder
}

// within reports whether path is folder, or lies below it.
func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, string(filepath.Separator))+string(filepath.Separator))
}

// comparePaths is the order of files: folder by folder, and in a folder by the bytes
// of the names. a and b have slashes.
func comparePaths(a, b string) int {
	for i := range min(len(a), len(b)) {
		if x, y := a[i], b[i]; x != y {
			if x == '/' || y != '/' && x < y {
				return -1
			}
			return 1
		}
	}
	return len(a) - len(b)
}

// file is a regular file that was found.
type file struct {
	path string // to open it
	name string // of its leaf
	info fs.FileInfo
}

// size and modified are as the leaf has them.
func (f *file) size() uint64    { return uint64(f.info.Size()) }
func (f *file) modified() int64 { return f.info.ModTime().UnixNano() }

// walk calls found with all files, in the order of comparePaths, and skipped with
// what lies in folders and is no regular file, or cannot be read or named.
func (r *Roots) walk(ctx context.Context, found func(*file) error, skipped func(name string, why error) error) error {
	for _, p := range r.Paths {
		info, err := os.Lstat(p)
		switch {
		case err != nil:
			err = skipped(r.name(p), err)
		case info.IsDir():
			err = r.walkFolder(ctx, p, found, skipped)
		case !info.Mode().IsRegular():
			return fmt.Errorf("%w: %s", ErrNotFile, p)
		default:
			err = r.file(ctx, p, info, found, skipped)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *Roots) walkFolder(ctx context.Context, folder string, found func(*file) error, skipped func(string, error) error) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return skipped(r.name(folder), err)
	}
	for _, e := range entries {
		p := filepath.Join(folder, e.Name())
		if e.IsDir() {
			if err := r.walkFolder(ctx, p, found, skipped); err != nil {
				return err
			}
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed a moment ago
		}
		if err == nil && !e.Type().IsRegular() {
			err = ErrNotFile
		}
		if err != nil {
			err = skipped(r.name(p), err)
		} else {
			err = r.file(ctx, p, info, found, skipped)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *Roots) file(ctx context.Context, path string, info fs.FileInfo, found func(*file) error, skipped func(string, error) error) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if slices.ContainsFunc(r.Without, func(without string) bool { return same(path, without) }) {
		return nil
	}
	f := &file{path, r.name(path), info}
	if err := checkName(f.name); err != nil {
		return skipped(f.name, err)
	}
	return found(f)
}

// same reports whether two paths are of one name in one folder, which a link in either
// can lead to.
func same(a, b string) bool {
	if a == b || filepath.Base(a) != filepath.Base(b) {
		return a == b
	}
	x, err := os.Stat(filepath.Dir(a))
	if err != nil {
		return false
	}
	y, err := os.Stat(filepath.Dir(b))
	return err == nil && os.SameFile(x, y)
}

// name returns the name of a path below the base.
func (r *Roots) name(path string) string {
	name, err := filepath.Rel(r.Base, path)
	if err != nil {
		return path // NewRoots has made sure that it is below
	}
	return filepath.ToSlash(name)
}
