package bulk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fileNew files what is new in an input with the null ledger.
func fileNew(t *testing.T, in Input, chain string) (Progress, error) {
	t.Helper()
	scan, err := in.Scan()
	if err != nil {
		t.Fatal(err)
	}
	return Run(context.Background(), scan, Options{
		Input: in, Journal: JournalOf(in.Path, ""), Ledger: nullKeys(t), Chain: chain, Batch: 3,
	})
}

// TestInputOfJournal: a journal goes with the input that it was begun with, to
// which rows may have been appended, and nothing else.
func TestInputOfJournal(t *testing.T) {
	in := input(t, t.TempDir(), 10, 0)
	if p, err := fileNew(t, in, "a"); err != nil || p.Done != 10 {
		t.Fatal(p, err)
	}
	text, err := os.ReadFile(in.Path)
	if err != nil {
		t.Fatal(err)
	}
	write := func(s string) {
		if err := os.WriteFile(in.Path, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(what string, want error, in Input, chain string) {
		t.Helper()
		if p, err := fileNew(t, in, chain); !errors.Is(err, want) {
			t.Errorf("%s: %+v, %v", what, p, err)
		}
	}
	refused("another chain", ErrJournal, in, "b")
	other := in
	other.Options.Issuer = "CNCA-R-2002-001"
	refused("another body", ErrJournal, other, "a")
	write(strings.Replace(string(text), "N3,", "N30,", 1))
	refused("a changed row", ErrChanged, in, "a")
	write(string(text[:len(text)-len("N10,2026-06-01\n")]))
	refused("a row less", ErrChanged, in, "a")
	write(strings.Replace(string(text), "N3,", "N30,", 1) + "N11,2026-06-01\n")
	refused("a changed row, and one more", ErrChanged, in, "a")

	write(string(text) + "N11,2026-06-01\n")
	if p, err := fileNew(t, in, "a"); err != nil || p.Done != 11 || p.Open() != 0 {
		t.Fatal(p, err)
	}

	j, err := openJournal(JournalOf(in.Path, ""))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openJournal(JournalOf(in.Path, "")); !errors.Is(err, ErrInUse) {
		t.Errorf("a journal is open twice: %v", err)
	}
	if err := j.close(); err != nil {
		t.Fatal(err)
	}
}

// TestTornJournal cuts a journal anywhere, as a crash may: what is left is read,
// or only the begin is missing. A fault elsewhere is told.
func TestTornJournal(t *testing.T) {
	in := input(t, t.TempDir(), 7, 0)
	if _, err := fileNew(t, in, "a"); err != nil {
		t.Fatal(err)
	}
	path := JournalOf(in.Path, "")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	torn := filepath.Join(t.TempDir(), "torn")
	open := func(content []byte) error {
		if err := os.WriteFile(torn, content, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := openJournal(torn)
		if err != nil {
			return err
		}
		_, err = j.covered()
		return errors.Join(err, j.close())
	}
	for n := 0; n <= len(whole); n += 13 {
		if err := open(whole[:n]); err != nil {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
	damaged := append([]byte(nil), whole...)
	damaged[10] = 0
	if err := open(damaged); !errors.Is(err, ErrJournal) {
		t.Errorf("a damaged line: %v", err)
	}
	lines := strings.SplitAfter(string(whole), "\n")
	if err := open([]byte(lines[0] + lines[1] + lines[1] + lines[2])); !errors.Is(err, ErrJournal) {
		t.Errorf("a transaction twice: %v", err)
	}
}
