package difftest

import (
	"encoding/hex"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/light"
)

// whose is whose a compromised key is, which JSON does not say.
var whose = regexp.MustCompile(`(?m)^((?:Compromised key: |已泄露密钥：)[0-9a-f]{66}).*$`)

// TestTexts: for people both write the same, of every verdict on the vectors.
func TestTexts(t *testing.T) {
	w := newWorker(t)
	var verdicts []*light.Verdict
	for _, path := range []string{verdictsPath, tracesPath, foundPath} {
		for _, v := range readVectors(t, path) {
			q := v.question(t)
			card, err := light.ParseCard(q.Card)
			if err != nil {
				card = nil
			}
			verdicts = append(verdicts, light.Verify(q.Bundle, card, q.Claim, q.Limits.of(), time.Unix(0, q.Now)))
		}
	}
	for _, name := range []string{"vectors", "anchored", "traced"} {
		verdicts = append(verdicts, lightVerdicts(t, "../../../light/testdata/vectors/"+name+".json")...)
	}
	// JSON has ages in whole seconds, so that what is ahead can be a second less.
	verdicts = slices.DeleteFunc(verdicts, func(v *light.Verdict) bool { return v.Age < 0 && v.Age%time.Second != 0 })
	seen := map[string]bool{}
	for _, v := range verdicts {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.send(header{Text: true}, b); err != nil {
			t.Fatal(err)
		}
		if err := w.in.Flush(); err != nil {
			t.Fatal(err)
		}
		var other map[string]string
		if err := json.Unmarshal(<-w.answers, &other); err != nil {
			t.Fatal(err)
		}
		mine := map[string]string{}
		for _, lang := range []string{"en", "zh"} {
			mine[lang] = whose.ReplaceAllString(light.Text(v, lang), "$1")
		}
		if !maps.Equal(mine, other) {
			t.Errorf("Go writes\n%sTypeScript\n%s", mine["en"]+mine["zh"], other["en"]+other["zh"])
		}
		seen[v.Claim.Kind.String()] = true
	}
	if kinds := slices.Sorted(maps.Keys(seen)); len(kinds) < 7 {
		t.Errorf("only kinds %v", kinds)
	}
}

// lightVerdicts are the verdicts on the vectors of package light.
func lightVerdicts(t *testing.T, path string) (list []*light.Verdict) {
	var file struct {
		Cards   map[string]string `json:"cards"`
		Vectors []struct {
			Card   string      `json:"card"`
			Claim  light.Claim `json:"claim"`
			Now    time.Time   `json:"now"`
			Bundle string      `json:"bundle"`
		} `json:"vectors"`
	}
	readJSON(t, path, &file)
	for _, v := range file.Vectors {
		card, err := light.ParseCard(unhex(t, file.Cards[v.Card]))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, light.Verify(unhex(t, v.Bundle), card, v.Claim, light.Limits{}, v.Now))
	}
	return list
}

func unhex(t *testing.T, s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
