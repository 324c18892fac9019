package demo

import (
	"fmt"
	"strings"
)

// Language says in which languages a run prints.
type Language int

const (
	Both Language = iota // each line in English, then in Chinese
	English
	Chinese
)

// ParseLanguage reads en, zh, both, or auto, which is LocaleLanguage.
func ParseLanguage(name string, getenv func(string) string) (Language, error) {
	switch name {
	case "en":
		return English, nil
	case "zh":
		return Chinese, nil
	case "both":
		return Both, nil
	case "auto":
		return LocaleLanguage(getenv), nil
	}
	return 0, fmt.Errorf("no language %q, only zh, en, both and auto", name)
}

// LocaleLanguage follows the locale in the environment, whose variables count in
// the order of POSIX: Chinese for zh, Both where no language is set, English for
// any other.
func LocaleLanguage(getenv func(string) string) Language {
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

// message is one line in both languages, with the arguments of both formats. An
// argument that is a message is printed in the language around it.
type message struct {
	en, zh string
	args   []any
}

func say(en, zh string, args ...any) message { return message{en, zh, args} }

// plain is a line that reads alike in both languages.
func plain(format string, args ...any) message { return message{format, format, args} }

// in returns m in l, which is English or Chinese.
func (m message) in(l Language) string {
	format := m.en
	if l == Chinese {
		format = m.zh
	}
	args := make([]any, len(m.args))
	for i, a := range m.args {
		if inner, ok := a.(message); ok {
			a = inner.in(l)
		}
		args[i] = a
	}
	return fmt.Sprintf(format, args...)
}

// twoOf are the two persons of the body with id.
func twoOf(id string) message {
	return say("certifier and approver of %s", "%s 的认证决定人员和批准人员", id)
}

// rootSigned says who signed a root.
func (r *run) rootSigned() message {
	return say("%d validators (the root)", "%d 个验证节点（状态根）", len(r.validators))
}

// signedBy says who signed a record, and the root.
func (r *run) signedBy(who message) message {
	return say("%s; %s", "%s；%s", who, r.rootSigned())
}
