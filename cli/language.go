package cli

import (
	"fmt"
	"strings"

	"github.com/hallmark-ledger/hallmark/api"
)

// language is what people are talked to in. JSON is the same in all.
type language int

const (
	english language = iota
	chinese
)

// text is a text in both languages.
type text = api.Text

func say(en, zh string) text { return text{En: en, Zh: zh} }

// sayf is say with arguments, the same for both; [1] and so on put them in
// another order. An argument that is a text is put in the language around it.
func sayf(en, zh string, args ...any) text {
	return text{En: english.format(en, args), Zh: chinese.format(zh, args)}
}

func (l language) format(format string, args []any) string {
	in := make([]any, len(args))
	for i, a := range args {
		if t, ok := a.(text); ok {
			a = l.of(t)
		}
		in[i] = a
	}
	return fmt.Sprintf(format, in...)
}

// of returns t in l.
func (l language) of(t text) string {
	if l == chinese {
		return t.Zh
	}
	return t.En
}

func parseLanguage(name string) (language, error) {
	switch name {
	case "en":
		return english, nil
	case "zh":
		return chinese, nil
	}
	return 0, fmt.Errorf("no language %q, only zh and en 没有这种语言，只有 zh 和 en", name)
}

// languageOf decides on the language before anything is parsed, since help and
// errors of the arguments are in it: --lang, or the locale, whose variables count
// in the order of POSIX.
func languageOf(args []string, getenv func(string) string) language {
	for i, a := range args {
		name, ok := strings.CutPrefix(a, "--lang=")
		if a == "--lang" && i+1 < len(args) {
			name, ok = args[i+1], true
		}
		if l, err := parseLanguage(name); ok && err == nil {
			return l
		}
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := getenv(name); locale != "" {
			if strings.HasPrefix(locale, "zh") {
				return chinese
			}
			return english
		}
	}
	return english
}
