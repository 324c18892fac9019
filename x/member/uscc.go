package member

import (
	"errors"
	"fmt"
	"strings"
)

// usccAlphabet is the characters of a unified social credit code in the order
// of their values, 0 to 30: the digits and the letters without I, O, S, V, Z
// (GB 32100-2015, table 1).
const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// usccLength is the number of characters of a code.
const usccLength = 18

// CheckUSCC returns an error that says what is wrong with code, nil if it can
// be a unified social credit code (GB 32100-2015): 18 characters, of which 3 to
// 8 are digits, the last being
//
//	C18 = (31 − Σ C_i·W_i mod 31) mod 31,  W_i = 3^(i−1) mod 31,  i = 1 … 17
//
// Whether such a code was given, and to whom, it cannot tell. The check
// character inside the organisation code (9 to 17) is covered by the last one
// and not looked at.
func CheckUSCC(code string) error {
	if len(code) != usccLength {
		return fmt.Errorf("it has %d characters, want %d", len(code), usccLength)
	}
	sum, weight := 0, 1
	for i := range usccLength {
		value := strings.IndexByte(usccAlphabet, code[i])
		if value < 0 {
			return fmt.Errorf("character %d is none of the 31 that are used", i+1)
		}
		if 2 <= i && i < 8 && value > 9 {
			return errors.New("characters 3 to 8, the region, must be digits")
		}
		if i == usccLength-1 {
			if want := (31 - sum%31) % 31; value != want {
				return fmt.Errorf("the check character must be %c", usccAlphabet[want])
			}
			break
		}
		sum += value * weight
		weight = weight * 3 % 31
	}
	return nil
}
