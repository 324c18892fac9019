package evidence

import (
	"context"
	"errors"
	"io/fs"
	"time"
)

// Pauses of a folder that is watched.
const (
	folderPause  = time.Second // between looks, and ten times as long as one takes
	folderSettle = 2 * time.Second
)

// stamp tells one state of a file from another.
type stamp struct {
	size     uint64
	modified int64
}

// folderSource finds files of a folder that are new, or changed, and have been at
// rest for a while. It remembers all, about 150 bytes for each.
type folderSource struct {
	roots   Roots
	skipped func(name string, why error)
	taken   map[string]stamp // in the manifest, or told of as unfit
	seen    map[string]stamp // in the last look
}

func newFolder(roots Roots, r *Reader, skipped func(string, error)) (*folderSource, error) {
	s := &folderSource{roots: roots, skipped: skipped, taken: map[string]stamp{}, seen: map[string]stamp{}}
	err := r.each(r.begun, func(_ frame, _ uint64, list []Leaf) bool {
		for _, l := range list {
			s.taken[l.Name] = stamp{l.Size, l.Modified}
		}
		return true
	})
	return s, err
}

// look looks once and gives the leaves of what is to be taken. all takes files that
// may still be written to as well.
func (s *folderSource) look(ctx context.Context, all bool, give func(Leaf) error) error {
	seen := map[string]stamp{}
	err := s.roots.walk(ctx, func(f *file) error {
		now := stamp{f.size(), f.modified()}
		if s.taken[f.name] == now && now != (stamp{}) {
			return nil
		}
		if before, ok := s.seen[f.name]; !all && (!ok || before != now || time.Since(f.info.ModTime()) < folderSettle && time.Until(f.info.ModTime()) < folderSettle) {
			seen[f.name] = now
			return nil
		}
		l, err := f.readOnce(ctx, nil)
		switch {
		case errors.Is(err, ErrChanged), errors.Is(err, fs.ErrNotExist):
			return nil // at the next look
		case errors.Is(err, fs.ErrPermission), errors.Is(err, ErrNotFile):
			return s.unfit(f.name, now, err)
		case err != nil:
			return err
		}
		s.taken[f.name] = now
		return give(l)
	}, func(name string, why error) error { return s.unfit(name, stamp{1, -1}, why) })
	s.seen = seen
	return err
}

// unfit tells once of a file that is not taken.
func (s *folderSource) unfit(name string, now stamp, why error) error {
	if s.taken[name] != now {
		s.taken[name] = now
		if s.skipped != nil {
			s.skipped(name, why)
		}
	}
	return nil
}
