package gs1

import "strings"

// CheckDigit returns the check digit of a GS1 key of digits that lacks it (GS1
// General Specifications, section 7.9.1): with weights 3 and 1 in turn from the
// right,
//
//	c = (10 − Σ d_i·w_i mod 10) mod 10
//
// ok is false if digits holds anything else than digits, or nothing.
func CheckDigit(digits string) (c byte, ok bool) {
	if !allDigits(digits) {
		return 0, false
	}
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			d *= 3
		}
		sum += d
	}
	return byte('0' + (10-sum%10)%10), true
}

// checked reports whether the last digit of key is its check digit.
func checked(key string) (want byte, ok bool) {
	want, ok = CheckDigit(key[:len(key)-1])
	return want, ok && want == key[len(key)-1]
}

// alphabet82 has the characters of GS1's set 82 by value, alphabet32 those of a
// check pair (GS1 General Specifications, sections 7.11 and 7.9.5).
const (
	alphabet82 = `!"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz`
	alphabet32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
)

// primes weigh the characters of a Global Model Number, from the right.
var primes = [...]int{
	2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71,
	73, 79, 83, 89, 97, 101, 103, 107,
}

// checkPair returns the check pair of a Global Model Number that lacks it:
// Σ value·prime mod 1021, as two characters of five bits. ok is false if a
// character is not of set 82, or there are too many.
func checkPair(model string) (pair string, ok bool) {
	if len(model) > len(primes) {
		return "", false
	}
	sum := 0
	for i := range len(model) {
		value := strings.IndexByte(alphabet82, model[len(model)-1-i])
		if value < 0 {
			return "", false
		}
		sum += value * primes[i]
	}
	sum %= 1021
	return string([]byte{alphabet32[sum>>5], alphabet32[sum&31]}), true
}

// allDigits reports whether s consists of digits, at least one.
func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
