package tx

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/x/exec"
)

const (
	// WindowSize is how far below the highest nonce one may still be used, and
	// how far above it the next may lie.
	WindowSize = 1024

	windowBytes = 8 + WindowSize/8
)

// Window says which nonces a key has used: all at most 1,024 below the highest
// are known one by one, everything lower is refused (RFC 6479). Nonce 0 counts as
// used from the start; the zero value is the window of a key that has used none.
//
// As in RFC 6479 the bitmap is a ring, so nothing is shifted: bit n mod 1024
// stands for the nonce n of highest-1024 … highest-1, of which each residue has
// one. Below 0 there are no nonces and the bits are clear.
type Window struct {
	highest uint64
	used    [WindowSize / 64]uint64
}

// Highest returns the highest nonce used, 0 if none was.
func (w *Window) Highest() uint64 { return w.highest }

// Check returns the refusal of a nonce that may not be used, or nil.
func (w *Window) Check(nonce uint64) error {
	if r := w.refusal(nonce); r != nil {
		return r
	}
	return nil
}

// refusal returns why nonce may not be used. All differences are taken from
// the larger, so none overflows.
func (w *Window) refusal(nonce uint64) *exec.Refusal {
	switch {
	case nonce == 0:
		return codeNonceZero.Refuse("the nonce is 0")
	case nonce > w.highest:
		if nonce-w.highest > WindowSize {
			return codeNonceAhead.Refuse("nonce %d, the highest used is %d", nonce, w.highest)
		}
		return nil
	case w.highest-nonce > WindowSize:
		return codeNonceOld.Refuse("nonce %d, the highest used is %d", nonce, w.highest)
	case nonce == w.highest || w.bit(nonce):
		return codeNonceUsed.Refuse("nonce %d", nonce)
	}
	return nil
}

// Use makes nonce used, or returns its refusal and changes nothing.
func (w *Window) Use(nonce uint64) error {
	if r := w.refusal(nonce); r != nil {
		return r
	}
	if nonce < w.highest {
		w.set(nonce, true)
		return nil
	}
	// What was the highest is now below it. The bits between stood for nonces
	// that have left the window; that of nonce itself stands for nonce-1024.
	w.set(w.highest, true)
	for n := w.highest + 1; n < nonce; n++ {
		w.set(n, false)
	}
	w.highest = nonce
	return nil
}

func (w *Window) bit(n uint64) bool { return w.used[n%WindowSize/64]>>(n%64)&1 == 1 }

func (w *Window) set(n uint64, used bool) {
	word, mask := &w.used[n%WindowSize/64], uint64(1)<<(n%64)
	if *word &^= mask; used {
		*word |= mask
	}
}

// check returns what makes w impossible.
func (w *Window) check() error {
	if w.highest == 0 {
		return errors.New("a window in which no nonce was used")
	}
	if w.highest > WindowSize {
		return nil
	}
	if !w.bit(0) {
		return errors.New("nonce 0 is not used")
	}
	for n := w.highest; n < WindowSize; n++ { // they stand for nonces below 0
		if w.bit(n) {
			return fmt.Errorf("bit %d is set, the highest nonce is %d", n, w.highest)
		}
	}
	return nil
}

// bytes returns highest ‖ bitmap, bit 0 first, that is, the least significant of
// the last byte.
func (w *Window) bytes() []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, windowBytes), w.highest)
	for i := range w.used {
		b = binary.BigEndian.AppendUint64(b, w.used[len(w.used)-1-i])
	}
	return b
}

// parseWindow reads what bytes wrote.
func parseWindow(b []byte) (Window, error) {
	var w Window
	if len(b) != windowBytes {
		return w, fmt.Errorf("a window of %d bytes, not %d", len(b), windowBytes)
	}
	w.highest = binary.BigEndian.Uint64(b)
	for i := range w.used {
		w.used[len(w.used)-1-i] = binary.BigEndian.Uint64(b[8+8*i:])
	}
	return w, w.check()
}
