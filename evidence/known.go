package evidence

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// stream reads the leaves of a manifest one by one.
type stream struct {
	reader *Reader
	at     int64
	list   []Leaf
}

func newStream(path string) (*stream, error) {
	r, err := Open(path)
	if err != nil {
		return nil, err
	}
	return &stream{reader: r, at: r.begun}, nil
}

// next returns the next leaf, nil after the last one.
func (s *stream) next() (*Leaf, error) {
	for len(s.list) == 0 {
		fr, err := s.reader.frames.frameAt(s.at)
		if errors.Is(err, io.EOF) || errors.Is(err, errTorn) {
			return nil, s.reader.cut(s.at)
		}
		var p []byte
		if err == nil {
			p, err = s.reader.frames.payload(fr)
		}
		if errors.Is(err, errTorn) {
			return nil, s.reader.cut(s.at)
		}
		if err != nil {
			return nil, err
		}
		s.at = fr.end()
		if fr.kind != kindLeaves {
			continue
		}
		if _, s.list, err = decodeLeaves(p, s.reader.Begin.Source, nil); err != nil {
			return nil, damaged(fr.offset, err)
		}
	}
	l := &s.list[0]
	s.list = s.list[1:]
	return l, nil
}

func (s *stream) close() error { return s.reader.Close() }

// known finds leaves that earlier runs have made, in manifests whose leaves are in
// the order of their names.
type known struct {
	streams []*stream
	heads   []*Leaf // the next leaf of each; nil at its end
}

// wasOf returns the manifests that were put aside for the one at path, in their
// order. They are named path.was.1 and so on.
func wasOf(path string) (list []string) {
	for n := 1; ; n++ {
		was := fmt.Sprintf("%s.was.%d", path, n)
		if _, err := os.Lstat(was); err != nil {
			return list
		}
		list = append(list, was)
	}
}

// putAside renames the manifest at path, so that its leaves are known to the next.
func putAside(path string) error {
	err := os.Rename(path, fmt.Sprintf("%s.was.%d", path, len(wasOf(path))+1))
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("evidence: put the manifest aside: %w", err)
	}
	return nil
}

// dropAside removes what was put aside, the last one first.
func dropAside(path string) error {
	list := wasOf(path)
	slices.Reverse(list)
	for _, was := range list {
		if err := os.Remove(was); err != nil {
			return fmt.Errorf("evidence: remove what was put aside: %w", err)
		}
	}
	return nil
}

func openKnown(paths []string) (k *known, err error) {
	k = new(known)
	for _, path := range paths {
		s, err := newStream(path)
		if err == nil {
			k.streams = append(k.streams, s)
			var l *Leaf
			if l, err = s.next(); err == nil {
				k.heads = append(k.heads, l)
			}
		}
		if err != nil {
			return nil, errors.Join(err, k.close())
		}
	}
	return k, nil
}

// leaf returns the leaf of a file that has not changed since it was made, nil if
// none is known. Files are asked for in the order of their names.
func (k *known) leaf(f *file) (found *Leaf, err error) {
	for i := range k.heads {
		for k.heads[i] != nil && comparePaths(k.heads[i].Name, f.name) < 0 {
			if k.heads[i], err = k.streams[i].next(); err != nil {
				return nil, err
			}
		}
		if l := k.heads[i]; l != nil && l.of(f) {
			found = l
		}
	}
	return found, nil
}

// of reports whether a leaf is of a file as it now is.
func (l *Leaf) of(f *file) bool {
	return l.Name == f.name && l.Size == f.size() && l.Modified == f.modified()
}

func (k *known) close() (err error) {
	for _, s := range k.streams {
		err = errors.Join(err, s.close())
	}
	return err
}
