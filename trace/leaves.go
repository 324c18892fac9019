package trace

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/epcis"
	"github.com/hallmark-ledger/hallmark/evidence"
)

// Leaves makes a manifest of the events of a document, with one anchor, which is
// durable when it returns: the content of a leaf is the canonical form of the event
// (CBV 2.0, section 8.9), so that its SM3 is the event's. Events with faults are left
// out. Interrupted, and called again, it goes on; if the anchor is closed already, that
// is what it returns. The caller files the anchor and closes the Writer.
func Leaves(ctx context.Context, s *Scan, manifest string, begin evidence.Begin) (*evidence.Writer, error) {
	path, err := filepath.Abs(s.Path)
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	begin.Source, begin.Path = evidence.Lines, path
	w, err := openManifest(manifest, begin)
	if err != nil || len(w.Anchors()) > 0 {
		return w, err
	}
	if err := s.leaves(ctx, w); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if _, err := w.CloseAnchor(); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if err := w.Sync(); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

func openManifest(path string, begin evidence.Begin) (*evidence.Writer, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return evidence.Create(path, begin)
	}
	w, err := evidence.Append(path)
	if err != nil {
		return nil, err
	}
	if err := w.Begin.SameAs(begin); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// leaves adds what the manifest does not have yet.
func (s *Scan) leaves(ctx context.Context, w *evidence.Writer) error {
	f, err := os.Open(s.Path)
	if err != nil {
		return fmt.Errorf("trace: %w", err)
	}
	defer f.Close()
	have, n := w.Leaves(), uint64(0)
	_, err = epcis.Read(f, epcis.DefaultLimits, func(i int, e *epcis.Event) error {
		if s.bad[i] {
			return nil
		}
		if n++; n <= have {
			return nil
		}
		content := []byte(e.Prehash())
		if err := w.Add(evidence.Leaf{
			Content: sm3.Sum(content), Size: uint64(len(content)), Captured: time.Now().UnixNano(), Position: n,
		}); err != nil {
			return err
		}
		return context.Cause(ctx)
	})
	return err
}
