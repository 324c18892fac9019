package api_test

import "github.com/hallmark-ledger/hallmark/crypto/seal"

// statements adds to seals what is asked under /v1/seals. Only the heights that
// were sealed have a statement.
type statements struct {
	*seals
	conflicts []seal.Conflict
}

func (s statements) Statement(height uint64) (*seal.Statement, bool, error) {
	st, _, ok, err := s.Sealed(height)
	return st, ok, err
}

func (s statements) Missing(uint64) ([]string, error) { return []string{}, nil }

func (s statements) Conflicts(int) ([]seal.Conflict, error) { return s.conflicts, nil }
