package tx

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/x/exec"
)

// naive is what a window stands for: the set of all nonces used.
type naive struct {
	highest uint64
	used    map[uint64]bool
}

func (m *naive) code(n uint64) *exec.Code {
	switch {
	case n == 0:
		return &codeNonceZero
	case m.used[n]:
		if m.highest-n > WindowSize {
			return &codeNonceOld // used or not, one cannot tell
		}
		return &codeNonceUsed
	case n > m.highest && n-m.highest > WindowSize:
		return &codeNonceAhead
	case n < m.highest && m.highest-n > WindowSize:
		return &codeNonceOld
	}
	return nil
}

func (m *naive) use(n uint64) {
	m.used[n] = true
	m.highest = max(m.highest, n)
}

func TestWindowIsASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &naive{used: map[uint64]bool{}}
		var w Window
		// Where the window stands: at the start, on its way, near the end.
		switch start := rapid.SampledFrom([]uint64{0, 0, 5_000, 1<<64 - 1 - 3*WindowSize}).Draw(t, "start"); {
		case start > 0:
			w.highest = start
			m.use(start)
			for n := start - WindowSize; n < start; n++ { // as if all had been used
				w.set(n, true)
				m.use(n)
			}
		}
		near := rapid.Custom(func(t *rapid.T) uint64 {
			d := rapid.Int64Range(-WindowSize-70, WindowSize+70).Draw(t, "distance")
			return m.highest + uint64(d) // wraps at both ends
		})
		small := rapid.Custom(func(t *rapid.T) uint64 { return m.highest + rapid.Uint64Range(0, 70).Draw(t, "step") - 65 })
		anywhere := rapid.OneOf(near, small, rapid.Uint64(), rapid.SampledFrom([]uint64{0, 1, 1<<64 - 1}))
		for range rapid.IntRange(1, 200).Draw(t, "uses") {
			n := anywhere.Draw(t, "nonce")
			want := m.code(n)
			if want == &codeNonceZero && n != 0 {
				t.Fatal("the model")
			}
			before := w
			checked := w.Check(n)
			if w != before {
				t.Fatal("Check has changed the window")
			}
			err := w.Use(n)
			for _, err := range []error{checked, err} {
				if want == nil && err != nil || want != nil && !want.Is(err) {
					t.Fatalf("nonce %d: %v, want %v", n, err, want)
				}
			}
			if want != nil {
				if w != before {
					t.Fatal("a refused nonce has changed the window")
				}
				continue
			}
			m.use(n)
			if w.Highest() != m.highest {
				t.Fatalf("highest %d, want %d", w.Highest(), m.highest)
			}
			again, err := parseWindow(w.bytes())
			if err != nil || again != w {
				t.Fatalf("encoding: %v", err)
			}
		}
	})
}

// Jumps from windows at several places in the ring, from two every one, then
// every nonce around.
func TestWindowJumps(t *testing.T) {
	for _, from := range []uint64{1, 63, 64, 65, 500, 1023, 1024, 1025, 4096 + 17, 1<<64 - 1 - 2*WindowSize} {
		step := uint64(13)
		if from == 500 || from == 4096+17 {
			step = 1
		}
		for jump := uint64(1); jump <= WindowSize; jump += step {
			m := &naive{used: map[uint64]bool{}}
			var w Window
			w.highest = from - min(from-1, 900)
			if w.highest > WindowSize {
				for n := w.highest - WindowSize; n < w.highest; n++ {
					m.used[n] = true
					w.set(n, true)
				}
			} else {
				w.set(0, true)
			}
			m.use(w.highest)
			for n := w.highest + 1; n <= from; n += 3 + n%5 {
				m.use(n)
				if err := w.Use(n); err != nil {
					t.Fatal(err)
				}
			}
			to := w.highest + jump
			m.use(to)
			if err := w.Use(to); err != nil {
				t.Fatal(err)
			}
			for d := range uint64(2*WindowSize + 4) {
				n := to + WindowSize + 2 - d
				want := m.code(n)
				if r := w.refusal(n); (r == nil) != (want == nil) || r != nil && r.Code != want {
					t.Fatalf("from %d to %d: nonce %d: %v, want %v", from, to, n, r, want)
				}
			}
		}
	}
}

// At the end of the numbers nothing overflows; what is free below can be used.
func TestWindowEnds(t *testing.T) {
	const last = 1<<64 - 1
	w := Window{highest: last - WindowSize}
	wants(t, w.Use(last), nil)
	wants(t, w.Use(last), &codeNonceUsed)
	wants(t, w.Use(0), &codeNonceZero)
	wants(t, w.Use(1), &codeNonceOld)
	wants(t, w.Use(last-WindowSize), &codeNonceUsed)
	wants(t, w.Use(last-WindowSize-1), &codeNonceOld)
	for n := uint64(last - 1); n > last-WindowSize; n-- {
		wants(t, w.Use(n), nil)
		wants(t, w.Use(n), &codeNonceUsed)
	}
}

// A thousand transactions in flight arrive in any order.
func TestWindowInFlight(t *testing.T) {
	var w Window
	for n := uint64(WindowSize); n >= 1; n-- {
		wants(t, w.Use(n), nil)
	}
	for n := uint64(1); n <= WindowSize; n++ {
		wants(t, w.Use(n), &codeNonceUsed)
	}
}

func TestWindowEncoding(t *testing.T) {
	var w Window
	if err := w.Use(3); err != nil {
		t.Fatal(err)
	}
	good := w.bytes()
	if len(good) != 136 || good[7] != 3 || good[135] != 1 {
		t.Fatalf("%x", good)
	}
	for name, change := range map[string]func([]byte) []byte{
		"short":           func(b []byte) []byte { return b[1:] },
		"long":            func(b []byte) []byte { return append(b, 0) },
		"empty":           func(b []byte) []byte { return nil },
		"no nonce":        func(b []byte) []byte { b[7] = 0; return b },
		"0 is free":       func(b []byte) []byte { b[135] = 0; return b },
		"bit of -1":       func(b []byte) []byte { b[8] = 0x80; return b },
		"bit of -1021":    func(b []byte) []byte { b[135] |= 8; return b },
		"0 free, highest": func(b []byte) []byte { b[6], b[7], b[135] = 4, 0, 0; return b },
	} {
		if _, err := parseWindow(change(w.bytes())); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
