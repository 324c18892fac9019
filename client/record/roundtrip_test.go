package record

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

func TestMessageRoundTrip(t *testing.T) {
	seen := map[rules.Action]bool{}
	for _, r := range samples() {
		if err := r.Check(body, today); err != nil {
			t.Errorf("%v: %v", r.Action, err)
		}
		again, err := FromMessage(r.Message())
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(again, r) {
			t.Errorf("%v:\n got %+v\nwant %+v", r.Action, again, r)
		}
		seen[r.Action] = true
	}
	for _, a := range Actions {
		if !seen[a] {
			t.Errorf("no sample of %v", a)
		}
	}
	for _, a := range rules.Actions() {
		if by := a.By(); (by == rules.ByGovernance || by == rules.ByChain) == slices.Contains(Actions, a) {
			t.Errorf("%v is of members alone: %v", a, by)
		}
	}
}

func TestFileRoundTrip(t *testing.T) {
	for _, c := range []struct {
		format  Format
		chinese bool
	}{{CSV, false}, {CSV, true}, {JSONLines, false}} {
		var file bytes.Buffer
		w, err := NewWriter(&file, c.format, c.chinese)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range samples() {
			if err := w.Write(r); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		rows, faults := readAll(t, file.String(), options(c.format))
		for _, f := range faults {
			t.Error(f)
		}
		for i, r := range samples() {
			if i >= len(rows) {
				t.Fatalf("%v: %d rows", c, len(rows))
			}
			if !reflect.DeepEqual(rows[i].Record, r) || !proto.Equal(rows[i].Message, r.Message()) {
				t.Errorf("%v, row %d:\n got %+v\nwant %+v", c, rows[i].N, rows[i].Record, r)
			}
		}
	}
}

// TestList reads a JSON list, and a single object, over several lines.
func TestList(t *testing.T) {
	var text bytes.Buffer
	text.WriteString("[\n")
	for i, r := range samples() {
		if i > 0 {
			text.WriteString(",\n\n")
		}
		b, err := r.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		text.Write(b)
	}
	text.WriteString("]\n")
	rows, faults := readAll(t, text.String(), options(JSON))
	if len(faults) > 0 || len(rows) != len(samples()) {
		t.Fatal(len(rows), faults)
	}
	for i, row := range rows {
		if row.N != i+1 || row.Line != 2+2*i || !proto.Equal(row.Message, samples()[i].Message()) {
			t.Errorf("row %d on line %d", row.N, row.Line)
		}
	}
	b, _ := samples()[0].MarshalJSON()
	if rows, faults = readAll(t, string(b), options(JSON)); len(rows) != 1 || len(faults) > 0 {
		t.Fatal(len(rows), faults)
	}
}

func TestDetailsOf(t *testing.T) {
	for _, want := range []rules.Details{systemText(), productText()} {
		a := &api.Details{
			Holder: party(want.Holder), Producer: party(want.Producer), Factory: party(want.Factory),
			ScopeZh: want.ScopeChinese, ScopeEn: want.ScopeEnglish, ScopeCodes: want.ScopeCodes, Standards: want.Standards,
			Marks: want.Marks, TradeMark: want.TradeMark, Models: want.Models, GTINs: want.GTINs,
		}
		if !want.Main.IsZero() {
			a.Main = &api.Ref{Issuer: want.Main.Issuer, Number: want.Main.Number}
		}
		for _, c := range want.Components {
			a.Components = append(a.Components, api.Ref{Issuer: c.Issuer, Number: c.Number})
		}
		if !want.Document.IsZero() {
			a.Document = want.Document.String()
		}
		for _, e := range want.Evidence {
			a.Evidence = append(a.Evidence, e.String())
		}
		got, err := DetailsOf(a)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
		}
	}
	if _, err := DetailsOf(&api.Details{Document: "00"}); err == nil {
		t.Error("a wrong hash is taken")
	}
}

func party(p rules.Party) *api.Party {
	if p == (rules.Party{}) {
		return nil
	}
	return &api.Party{NameZh: p.NameChinese, NameEn: p.NameEnglish, AddressZh: p.AddressChinese, AddressEn: p.AddressEnglish, Country: p.Country, Region: p.Region}
}
