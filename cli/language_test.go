package cli

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func TestLanguageOf(t *testing.T) {
	for _, c := range []struct {
		args string
		env  map[string]string
		want language
	}{
		{"", nil, english},
		{"", map[string]string{"LANG": "zh_CN.UTF-8"}, chinese},
		{"", map[string]string{"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, english},
		{"", map[string]string{"LANG": "C", "LC_MESSAGES": "zh_TW"}, chinese},
		{"--lang zh", nil, chinese},
		{"tx show --lang=en x", map[string]string{"LANG": "zh_CN"}, english},
		{"--lang fr", map[string]string{"LANG": "zh_CN"}, chinese}, // the error comes later, in Chinese
		{"--lang", nil, english},
	} {
		if got := languageOf(strings.Fields(c.args), func(name string) string { return c.env[name] }); got != c.want {
			t.Errorf("%q %v: %v", c.args, c.env, got)
		}
	}
}

// Every command and every flag is explained in both languages.
func TestBothLanguages(t *testing.T) {
	texts := func(lang string) map[string]string {
		s := newSession([]string{"--lang", lang}, os.Stdin, io.Discard, io.Discard, func(string) string { return "" })
		all := map[string]string{}
		walk(s.root(), func(c *cobra.Command) {
			if strings.HasPrefix(c.CommandPath(), "hallmark completion") { // cobra's own
				return
			}
			all[c.CommandPath()] = c.Short
			if c.Long != "" {
				all[c.CommandPath()+" long"] = c.Long
			}
			c.LocalFlags().VisitAll(func(f *pflag.Flag) {
				if f.Name != "help" {
					all[c.CommandPath()+" --"+f.Name] = f.Usage
				}
			})
		})
		return all
	}
	en, zh := texts("en"), texts("zh")
	for name, text := range en {
		if text == "" || zh[name] == "" || text == zh[name] {
			t.Errorf("%s: %q, %q", name, text, zh[name])
		}
	}
	if len(en) < 200 || len(en) != len(zh) {
		t.Errorf("%d and %d texts", len(en), len(zh))
	}
}

func TestPlainWriter(t *testing.T) {
	var out strings.Builder
	n, err := plainWriter{&out}.Write([]byte("证书\u3000a\tb\n\x1b[2J\u202e\r\xff"))
	if want := "证书\u3000a\tb\n\ufffd[2J\ufffd\ufffd\ufffd"; err != nil || n != 22 || out.String() != want {
		t.Errorf("%q, %d, %v", out.String(), n, err)
	}
}

func TestVersion(t *testing.T) {
	if b := build(nil); b.Version == "" {
		t.Error("no version")
	}
}
