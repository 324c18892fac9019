package demo

import "testing"

func TestParseLanguage(t *testing.T) {
	for _, c := range []struct {
		name string
		env  map[string]string
		want Language
	}{
		{"en", map[string]string{"LANG": "zh_CN.UTF-8"}, English},
		{"zh", nil, Chinese},
		{"both", nil, Both},
		{"auto", nil, Both},
		{"auto", map[string]string{"LANG": "zh_CN.UTF-8"}, Chinese},
		{"auto", map[string]string{"LANG": "zh"}, Chinese},
		{"auto", map[string]string{"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, English},
		{"auto", map[string]string{"LANG": "de_DE.UTF-8", "LC_MESSAGES": "zh_TW"}, Chinese},
		{"auto", map[string]string{"LANG": "C.UTF-8"}, Both},
		{"auto", map[string]string{"LANG": "en_US.UTF-8", "LC_ALL": "POSIX"}, Both},
	} {
		got, err := ParseLanguage(c.name, func(name string) string { return c.env[name] })
		if err != nil || got != c.want {
			t.Errorf("%s with %v: %d, %v, want %d", c.name, c.env, got, err, c.want)
		}
	}
	if _, err := ParseLanguage("fr", func(string) string { return "" }); err == nil {
		t.Error("fr was accepted")
	}
}
