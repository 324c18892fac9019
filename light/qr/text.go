package qr

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// ErrText: the text does not carry a bundle. It may be cut off or damaged.
var ErrText = errors.New("qr: not the text of a bundle")

const (
	alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+-/.:"
	base     = len(alphabet)
	sumSize  = 4
)

// places are those of the characters in alphabet, -1 for all others.
var places = func() (p [256]int8) {
	for i := range p {
		p[i] = int8(strings.IndexByte(alphabet, byte(i)))
	}
	return p
}()

// TextLen returns the length of the text of n bytes.
func TextLen(n int) int { return (n+sumSize)/2*3 + (n+sumSize)%2*2 }

// Encode returns the text of a bundle.
func Encode(bundle []byte) string {
	sum := sm3.Sum(bundle)
	p := append(append(make([]byte, 0, len(bundle)+sumSize), bundle...), sum[:sumSize]...)
	text := make([]byte, 0, TextLen(len(bundle)))
	for ; len(p) > 1; p = p[2:] {
		n := int(p[0])<<8 | int(p[1])
		text = append(text, alphabet[n%base], alphabet[n/base%base], alphabet[n/base/base])
	}
	if len(p) == 1 {
		text = append(text, alphabet[int(p[0])%base], alphabet[int(p[0])/base])
	}
	return string(text)
}

// Decode returns the bundle of a text; what Encode returns is the only text that
// it accepts for it. Its errors wrap ErrText.
func Decode(text string) ([]byte, error) {
	for i := range len(text) {
		if places[text[i]] < 0 {
			return nil, fmt.Errorf("%w: it has the character %q", ErrText, text[i])
		}
	}
	if len(text)%3 == 1 {
		return nil, fmt.Errorf("%w: %d characters; something is missing", ErrText, len(text))
	}
	p := make([]byte, 0, len(text)/3*2+1)
	for rest := text; len(rest) > 0; {
		n, size := int(places[rest[0]])+base*int(places[rest[1]]), 2
		if len(rest) > 2 {
			n, size = n+base*base*int(places[rest[2]]), 3
		}
		if n>>(8*(size-1)) != 0 {
			return nil, fmt.Errorf("%w: %q stands for no bytes", ErrText, rest[:size])
		}
		if size == 3 {
			p = append(p, byte(n>>8))
		}
		p, rest = append(p, byte(n)), rest[size:]
	}
	if len(p) < sumSize {
		return nil, fmt.Errorf("%w: %d characters are too few", ErrText, len(text))
	}
	bundle := p[:len(p)-sumSize]
	if sum := sm3.Sum(bundle); string(sum[:sumSize]) != string(p[len(bundle):]) {
		return nil, fmt.Errorf("%w: its check sum is wrong; it is cut off or damaged", ErrText)
	}
	return bundle, nil
}
