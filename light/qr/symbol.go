package qr

import (
	"errors"
	"fmt"
	"strings"

	goqr "github.com/piglig/go-qr"
)

// ErrTooLarge: the address has more characters than a symbol can hold.
var ErrTooLarge = errors.New("qr: too large for one QR symbol")

// Quiet is the width in modules of the light margin that a symbol needs around
// it (ISO/IEC 18004 §6.3.8).
const Quiet = 4

// Symbol is a QR symbol. It is immutable.
type Symbol struct {
	// Version is 1 to 40. Level says how much of the symbol may be lost: 'L' 7 %,
	// 'M' 15 %, 'Q' 25 %, 'H' 30 %.
	Version int
	Level   byte
	code    *goqr.QrCode
}

// NewSymbol returns the smallest symbol that holds an address, of level L or of
// the highest level that fits the same size. All but "#" is in alphanumeric mode.
func NewSymbol(address string) (*Symbol, error) {
	before, fragment, ok := strings.Cut(address, "#")
	if !ok {
		return nil, fmt.Errorf("%w: the address has no fragment", ErrText)
	}
	page, err1 := goqr.MakeAlphanumeric(before)
	mark, err2 := goqr.MakeBytes([]byte("#")) // not of alphanumeric mode
	text, err3 := goqr.MakeAlphanumeric(fragment)
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	code, err := goqr.EncodeSegments([]*goqr.QrSegment{page, mark, text}, goqr.Low, goqr.MinVersion, goqr.MaxVersion, -1, true)
	if errors.Is(err, goqr.ErrDataTooLong) {
		return nil, fmt.Errorf("%w: %d characters, and version 40-L holds 4296", ErrTooLarge, len(address))
	}
	if err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	s := &Symbol{Version: (code.Size() - 17) / 4, code: code}
	s.Level = s.level()
	return s, nil
}

// level reads the level from the first two modules of the format information,
// the first of which is inverted by its mask (ISO/IEC 18004 §7.9.1).
func (s *Symbol) level() byte {
	bits := 0
	if !s.Dark(0, 8) {
		bits = 2
	}
	if s.Dark(1, 8) {
		bits++
	}
	return "MLHQ"[bits]
}

// Size returns the modules of a side, without the margin.
func (s *Symbol) Size() int { return s.code.Size() }

// Dark reports whether the module in column x and row y, from 0, is dark.
func (s *Symbol) Dark(x, y int) bool { return s.code.Module(x, y) }
