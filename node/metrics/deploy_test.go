package metrics_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

const (
	dashboardFile = "../../deploy/grafana/hallmark.json"
	alertsFile    = "../../deploy/prometheus/alerts.yml"
	manual        = "../../docs/operator.md"
	manualURL     = "https://github.com/hallmark-ledger/hallmark/blob/main/docs/operator.md#"
)

// expression is PromQL and where it stands.
type expression struct{ where, text string }

// TestExpressions parses every expression of the dashboard and of the alerts,
// and looks for what they name among the metrics of a node.
func TestExpressions(t *testing.T) {
	all := known(t)
	list := append(dashboard(t), alertExpressions(t)...)
	if len(list) < 50 {
		t.Fatalf("%d expressions were found", len(list))
	}
	for _, e := range list {
		for _, complaint := range checkExpression(all, e.text) {
			t.Errorf("%s: %s\n\t%s", e.where, complaint, e.text)
		}
	}
}

// TestCheckExpression: the test above finds what is wrong.
func TestCheckExpression(t *testing.T) {
	all := known(t)
	for _, text := range []string{
		"rate(hallmark_messages_total)",
		"hallmark_messages",
		`hallmark_messages_total{kind="issue"}`,
		"sum by (issuer) (hallmark_messages_total)",
		"hallmark_state_keys * on (code) hallmark_state_values",
		"hallmark_block_part_seconds",
		"hallmark_height_sum",
		"cometbft_consensus_block_interval_seconds",
		"cometbft_consensus_heights",
	} {
		if len(checkExpression(all, text)) == 0 {
			t.Errorf("nothing was found wrong with %s", text)
		}
	}
}

// variables are what Grafana puts in place of the variables of the dashboard.
var variables = strings.NewReplacer("$instance", ".*", "$__rate_interval", "5m")

func checkExpression(all map[string]metric, text string) (complaints []string) {
	expr, err := parser.ParseExpr(variables.Replace(text))
	if err != nil {
		return []string{err.Error()}
	}
	parser.Inspect(expr, func(n parser.Node, path []parser.Node) error {
		s, ok := n.(*parser.VectorSelector)
		if !ok {
			return nil
		}
		m, suffix, ok := find(all, s.Name)
		if !ok {
			complaints = append(complaints, s.Name+": a node has no such metric")
			return nil
		}
		used := grouping(path)
		for _, l := range s.LabelMatchers {
			if l.Name != labels.MetricName {
				used = append(used, l.Name)
			}
		}
		if complaint := m.check(suffix, used); complaint != "" {
			complaints = append(complaints, s.Name+": "+complaint)
		}
		return nil
	})
	return complaints
}

// find returns the metric that a series belongs to.
func find(all map[string]metric, series string) (m metric, suffix string, ok bool) {
	if m, ok := all[series]; ok {
		return m, "", true
	}
	for _, suffix := range []string{"_bucket", "_sum", "_count"} {
		if name, cut := strings.CutSuffix(series, suffix); cut {
			m, ok := all[name]
			return m, suffix, ok
		}
	}
	return m, "", false
}

// grouping returns the labels that the operators above a selector group or join
// by.
func grouping(path []parser.Node) (list []string) {
	for _, n := range path {
		switch n := n.(type) {
		case *parser.AggregateExpr:
			if !n.Without {
				list = append(list, n.Grouping...)
			}
		case *parser.BinaryExpr:
			if n.VectorMatching != nil && n.VectorMatching.On {
				list = append(list, n.VectorMatching.MatchingLabels...)
			}
		}
	}
	return list
}

var labelValues = regexp.MustCompile(`^label_values\((.+), (\w+)\)$`)

// dashboard returns the expressions of the dashboard, whose panels have titles
// in both languages.
func dashboard(t *testing.T) (list []expression) {
	t.Helper()
	var d struct {
		Panels []struct {
			ID          int
			Type, Title string
			Targets     []struct{ Expr string }
		}
		Templating struct {
			List []struct {
				Name, Type string
				Query      json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(read(t, dashboardFile), &d); err != nil {
		t.Fatal(err)
	}
	ids := map[int]bool{}
	for _, p := range d.Panels {
		if !bilingual(p.Title) {
			t.Errorf("panel %q: the title is not in both languages", p.Title)
		}
		if ids[p.ID] || p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("panel %q: its id is another's, or it shows nothing", p.Title)
		}
		ids[p.ID] = true
		for _, target := range p.Targets {
			list = append(list, expression{"panel " + p.Title, target.Expr})
		}
	}
	for _, v := range d.Templating.List {
		if v.Type != "query" {
			continue
		}
		var q struct{ Query string }
		if err := json.Unmarshal(v.Query, &q); err != nil {
			t.Fatal(err)
		}
		found := labelValues.FindStringSubmatch(q.Query)
		if found == nil {
			t.Fatalf("variable %s: %s", v.Name, q.Query)
		}
		list = append(list, expression{"variable " + v.Name, fmt.Sprintf("count by (%s) (%s)", found[2], found[1])})
	}
	return list
}

// alert is a rule.
type alert struct {
	Alert       string
	Expr        string
	For         string
	Labels      map[string]string
	Annotations map[string]string
}

func alerts(t *testing.T) (list []alert) {
	t.Helper()
	var file struct {
		Groups []struct {
			Name  string
			Rules []alert
		}
	}
	d := yaml.NewDecoder(bytes.NewReader(read(t, alertsFile)))
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil {
		t.Fatal(err)
	}
	for _, g := range file.Groups {
		list = append(list, g.Rules...)
	}
	return list
}

func alertExpressions(t *testing.T) (list []expression) {
	for _, a := range alerts(t) {
		list = append(list, expression{"alert " + a.Alert, a.Expr})
	}
	return list
}

// TestAlerts: every alert has texts in both languages and a part of the
// operator's manual that says what to do, which has no others.
func TestAlerts(t *testing.T) {
	headings := anchors(t)
	var names []string
	for _, a := range alerts(t) {
		names = append(names, strings.ToLower(a.Alert))
		anchor, ok := strings.CutPrefix(a.Annotations["runbook_url"], manualURL)
		if !ok || anchor != strings.ToLower(a.Alert) || !headings[anchor] {
			t.Errorf("%s: the manual has no such part: %q", a.Alert, a.Annotations["runbook_url"])
		}
		if a.Annotations["summary"] == "" || !bilingual("x"+a.Annotations["summary_zh"]) {
			t.Errorf("%s: a summary is missing", a.Alert)
		}
		if !slices.Contains([]string{"info", "warning", "critical"}, a.Labels["severity"]) {
			t.Errorf("%s: severity %q", a.Alert, a.Labels["severity"])
		}
	}
	for h := range headings {
		if strings.HasPrefix(h, "hallmark") && !strings.Contains(h, "-") && h != "hallmarkd" && !slices.Contains(names, h) {
			t.Errorf("the manual has a part for the alert %s, which does not exist", h)
		}
	}
}

// anchors returns those of the manual's headings, as GitHub makes them.
func anchors(t *testing.T) map[string]bool {
	t.Helper()
	set := map[string]bool{}
	for line := range strings.Lines(string(read(t, manual))) {
		if text, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			set[slug(strings.TrimSpace(text))] = true
		}
	}
	return set
}

func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return -1
	}, heading)
}

// bilingual reports whether s has Chinese and Latin letters.
func bilingual(s string) bool {
	han := strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	return han && strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
