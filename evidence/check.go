package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// ErrRoot: the leaves of an anchor do not have its root. Restore the manifest from a
// backup.
var ErrRoot = errors.New("evidence: the leaves of the anchor do not have its root")

// CheckRoots computes the roots of all anchors from their leaves and returns how many
// leaves there are, those of no anchor yet included. It reads the manifest once, in
// the memory of one anchor's groups. Errors: ErrRoot, ErrDamaged, or of reading.
func (r *Reader) CheckRoots(ctx context.Context) (leaves uint64, err error) {
	h := newHashing(&r.Begin.Secret)
	var t tree
	anchors := r.Anchors
	var wrong error
	err = r.each(r.begun, func(fr frame, first uint64, list []Leaf) bool {
		if wrong = context.Cause(ctx); wrong != nil {
			return false
		}
		if first != leaves {
			wrong = damaged(fr.offset, errors.New("leaves are missing"))
			return false
		}
		t.add(h.leafHashes(first, list))
		leaves += uint64(len(list))
		if len(anchors) == 0 || leaves < anchors[0].First+anchors[0].Leaves {
			return true
		}
		a := anchors[0]
		if leaves > a.First+a.Leaves || t.root() != a.Root {
			wrong = fmt.Errorf("%w: anchor %d", ErrRoot, a.Number)
			return false
		}
		if wrong = r.checkGroups(a, &t); wrong != nil {
			return false
		}
		anchors, t = anchors[1:], tree{}
		return true
	})
	if wrong != nil || err != nil {
		return leaves, errors.Join(wrong, err)
	}
	if len(anchors) > 0 {
		return leaves, fmt.Errorf("%w: anchor %d: leaves are missing", ErrDamaged, anchors[0].Number)
	}
	return leaves, nil
}

// checkGroups compares what is stored of groups, by which proofs are made.
func (r *Reader) checkGroups(a *Anchor, t *tree) error {
	groups, err := r.groups(a)
	if err != nil {
		return err
	}
	for i, root := range t.roots() {
		if groups[i].root != root {
			return damaged(a.groups, errPayload)
		}
	}
	return nil
}

// Difference is how a file differs from what was anchored last under its name.
type Difference int

// The differences.
const (
	Same    Difference = iota
	Altered            // another content
	Missing            // it is there no longer
	Added              // it is in no anchor
)

// CheckFiles compares files with the leaves of a manifest of files and calls found
// with each, Same ones included, several at a time hashed but found called from one
// goroutine. Where a name was anchored more than once, the last one counts. It
// remembers all leaves, about 200 bytes for each. Errors are of reading.
func (r *Reader) CheckFiles(ctx context.Context, roots Roots, jobs int, found func(name string, d Difference), read func(bytes int)) error {
	contents := map[string]sm3.Hash{}
	err := r.each(r.begun, func(_ frame, _ uint64, list []Leaf) bool {
		for i := range list {
			contents[list[i].Name] = list[i].Content
		}
		return true
	})
	if err != nil {
		return err
	}
	p := pipeline{
		jobs: max(1, jobs),
		walk: func(ctx context.Context, put func(*file, *Leaf) error) error {
			return roots.walk(ctx, func(f *file) error { return put(f, nil) }, func(name string, why error) error {
				if _, ok := contents[name]; !ok || errors.Is(why, ErrNotFile) {
					return nil // what could not have been anchored, or is missing as a file
				}
				return fmt.Errorf("%s: %w", name, why)
			})
		},
		emit: func(t *task) error {
			if t.err != nil {
				return t.err
			}
			want, ok := contents[t.file.name]
			switch {
			case !ok:
				found(t.file.name, Added)
			case want != t.leaf.Content:
				found(t.file.name, Altered)
			default:
				found(t.file.name, Same)
			}
			delete(contents, t.file.name)
			return nil
		},
		read: func(_ *file, n int) {
			if read != nil {
				read(n)
			}
		},
	}
	if err := p.run(ctx); err != nil {
		return err
	}
	for _, name := range slices.SortedFunc(maps.Keys(contents), comparePaths) {
		found(name, Missing)
	}
	return nil
}

// CheckLines compares the lines of files, one after the other, with the leaves of a
// manifest of lines. It returns the number of the first line that differs, from 1; 0
// if all are the same. more is how many leaves have no line, or, if negative, how
// many lines have no leaf.
func (r *Reader) CheckLines(ctx context.Context, paths []string) (differs uint64, more int64, err error) {
	s := &stream{reader: r, at: r.begun}
	var h lineHasher
	n := uint64(0)
	for _, path := range paths {
		in, err := os.Open(path)
		if err != nil {
			return 0, 0, fmt.Errorf("evidence: %w", err)
		}
		defer in.Close()
		lines := lineReader{in: in}
		var buffer []byte
		for {
			c, err := lines.next(ctx, buffer, true)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return 0, 0, fmt.Errorf("%s: %w", path, err)
			}
			err = h.each(c, func(l Leaf) error {
				n++
				want, err := s.next()
				switch {
				case err != nil:
					return err
				case want == nil:
					more--
				case differs == 0 && (want.Content != l.Content || want.Size != l.Size):
					differs = n
				}
				return nil
			})
			if err != nil {
				return 0, 0, err
			}
			buffer = c.data
		}
	}
	for {
		l, err := s.next()
		if err != nil || l == nil {
			return differs, more, err
		}
		more++
	}
}

// LineOf returns the content of a line of a file, from 1.
func LineOf(ctx context.Context, path string, number uint64) ([]byte, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	defer in.Close()
	lines := lineReader{in: in}
	var buffer []byte
	for {
		c, err := lines.next(ctx, buffer, true)
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%w: %s has no line %d", ErrNoLeaf, path, number)
		}
		if err != nil {
			return nil, err
		}
		for data := c.data; len(data) > 0; {
			line, whole := lineEnd(data)
			if number--; number == 0 {
				return bytes.Clone(data[:line]), nil
			}
			data = data[whole:]
		}
		buffer = c.data
	}
}
