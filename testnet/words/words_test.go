package words

import "testing"

func TestParse(t *testing.T) {
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
		got, err := Parse(c.name, func(name string) string { return c.env[name] })
		if err != nil || got != c.want {
			t.Errorf("%s with %v: %d, %v, want %d", c.name, c.env, got, err, c.want)
		}
	}
	if _, err := Parse("fr", func(string) string { return "" }); err == nil {
		t.Error("fr was accepted")
	}
}

func TestMessage(t *testing.T) {
	m := Say("%s is %s", "%s 的状态为%s", "A-1", Say("valid", "有效"))
	if en, zh := m.In(English), m.In(Chinese); en != "A-1 is valid" || zh != "A-1 的状态为有效" {
		t.Errorf("%q, %q", en, zh)
	}
	if got := m.Line(Both); got != "A-1 is valid · A-1 的状态为有效" {
		t.Errorf("%q", got)
	}
	if got := Plain("%d", 7).Line(Both); got != "7" {
		t.Errorf("%q", got)
	}
	if (Message{}).Empty() != true || m.Empty() {
		t.Error("which is empty")
	}
	if n := Width("A有效"); n != 5 {
		t.Errorf("%d columns", n)
	}
}

func TestPair(t *testing.T) {
	if m := Say("is %s", "为%s", Pair("100% valid", "有效")); m.Line(Both) != "is 100% valid · 为有效" {
		t.Errorf("%q", m.Line(Both))
	}
}
