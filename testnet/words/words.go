// Package words has the language of what testnet and demo print: English,
// Chinese, or each line in both.
package words

import (
	"fmt"
	"strings"
)

// Language says in which languages is printed.
type Language int

const (
	Both Language = iota // each line in English, then in Chinese
	English
	Chinese
)

// Parse reads en, zh, both, or auto, which is Locale.
func Parse(name string, getenv func(string) string) (Language, error) {
	switch name {
	case "en":
		return English, nil
	case "zh":
		return Chinese, nil
	case "both":
		return Both, nil
	case "auto", "":
		return Locale(getenv), nil
	}
	return 0, fmt.Errorf("no language %q, only zh, en, both and auto", name)
}

// Locale follows the locale in the environment, whose variables count in the
// order of POSIX: Chinese for zh, Both where no language is set, English for any
// other.
func Locale(getenv func(string) string) Language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		locale := getenv(name)
		if locale == "" {
			continue
		}
		language, _, _ := strings.Cut(locale, ".")
		switch {
		case language == "C" || language == "POSIX":
			return Both
		case strings.HasPrefix(language, "zh"):
			return Chinese
		}
		return English
	}
	return Both
}

// Message is one line in both languages, with the arguments of both formats. An
// argument that is a Message is printed in the language around it. The zero value
// is the empty line.
type Message struct {
	en, zh string
	args   []any
}

// Say returns a line; en and zh are formats of the same arguments.
func Say(en, zh string, args ...any) Message { return Message{en, zh, args} }

// Plain is a line that reads alike in both languages.
func Plain(format string, args ...any) Message { return Message{format, format, args} }

// Pair is a line without formats.
func Pair(en, zh string) Message { return Message{"%[1]s", "%[2]s", []any{en, zh}} }

// Empty reports whether m says nothing.
func (m Message) Empty() bool { return m.en == "" && m.zh == "" }

// In returns m in a language, which is English or Chinese.
func (m Message) In(l Language) string {
	format := m.en
	if l == Chinese {
		format = m.zh
	}
	args := make([]any, len(m.args))
	for i, a := range m.args {
		if inner, ok := a.(Message); ok {
			a = inner.In(l)
		}
		args[i] = a
	}
	return fmt.Sprintf(format, args...)
}

// Lines returns m in the languages of l; once if it reads alike in both.
func (m Message) Lines(l Language) []string {
	if l != Both {
		return []string{m.In(l)}
	}
	en, zh := m.In(English), m.In(Chinese)
	if en == zh {
		return []string{en}
	}
	return []string{en, zh}
}

// Line returns m on one line.
func (m Message) Line(l Language) string { return strings.Join(m.Lines(l), " · ") }

// Width returns the columns that s takes: Chinese characters take two.
func Width(s string) (n int) {
	for _, c := range s {
		n++
		if c >= 0x2e80 {
			n++
		}
	}
	return n
}
