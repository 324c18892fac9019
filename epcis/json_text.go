package epcis

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// number reads a number and returns its text.
func (r *reader) number() (string, error) {
	r.buf = r.buf[:0]
	for {
		c, err := r.in.ReadByte()
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		if err != nil || c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E' && (c < '0' || c > '9') {
			if err == nil {
				if err := r.in.UnreadByte(); err != nil {
					return "", err
				}
			}
			break
		}
		r.read++
		r.buf = append(r.buf, c)
		if len(r.buf) > maxNumber {
			return "", fmt.Errorf("%w: line %d: a number has at most %d characters", ErrLimit, r.line, maxNumber)
		}
	}
	if !isNumber(r.buf) {
		return "", r.fault("this is no JSON value; texts stand in quotation marks")
	}
	return string(r.buf), nil
}

// maxNumber is the most characters of a number: more than any double needs.
const maxNumber = 1100

// isNumber reports whether s is a number of RFC 8259.
func isNumber(s []byte) bool {
	i := 0
	run := func() bool {
		from := i
		for i < len(s) && '0' <= s[i] && s[i] <= '9' {
			i++
		}
		return i > from
	}
	if i < len(s) && s[i] == '-' {
		i++
	}
	if from := i; !run() || s[from] == '0' && i > from+1 {
		return false
	}
	if i < len(s) && s[i] == '.' {
		if i++; !run() {
			return false
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		if i++; i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if !run() {
			return false
		}
	}
	return i == len(s)
}

// string reads a string with its quotation marks.
func (r *reader) string() (string, error) {
	if _, err := r.next(); err != nil {
		return "", err
	}
	r.buf = r.buf[:0]
	for {
		c, err := r.next()
		switch {
		case err != nil:
			return "", err
		case c == '"':
			if !utf8.Valid(r.buf) {
				return "", r.fault("a text is not UTF-8")
			}
			return string(r.buf), nil
		case c < ' ':
			return "", r.fault("a control character stands in a text; write it as \\u%04x", c)
		case c == '\\':
			if err := r.escape(); err != nil {
				return "", err
			}
		default:
			r.buf = append(r.buf, c)
		}
	}
}

// escape reads what follows a backslash.
func (r *reader) escape() error {
	c, err := r.next()
	if err != nil {
		return err
	}
	if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
		r.buf = append(r.buf, "\"\\/\b\f\n\r\t"[i])
		return nil
	}
	if c != 'u' {
		return r.fault("\\%c is no escape", c)
	}
	char, err := r.hex4()
	if err != nil {
		return err
	}
	if utf16.IsSurrogate(char) {
		if r.word(`\u`) != nil {
			return r.fault("half a surrogate pair stands in a text")
		}
		low, err := r.hex4()
		if err != nil {
			return err
		}
		if char = utf16.DecodeRune(char, low); char == utf8.RuneError {
			return r.fault("half a surrogate pair stands in a text")
		}
	}
	r.buf = utf8.AppendRune(r.buf, char)
	return nil
}

func (r *reader) hex4() (rune, error) {
	var char rune
	for range 4 {
		c, err := r.next()
		if err != nil {
			return 0, err
		}
		digit := strings.IndexByte("0123456789abcdef0123456789ABCDEF", c)
		if digit < 0 {
			return 0, r.fault("\\u is not followed by four hexadecimal digits")
		}
		char = char<<4 | rune(digit&15)
	}
	return char, nil
}
