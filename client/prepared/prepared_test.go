package prepared

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

func draft(t *testing.T, number string) *tx.Draft {
	t.Helper()
	body := apptest.Draft{Nonce: 1, Keys: []string{"cqc/certifier", "cqc/approver"}, Messages: []*txv1.Message{apptest.Issue(number, civil.DateOf(apptest.Begin))}}.Body()
	d, err := tx.New(body, anyLimits(apptest.Chain))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func sign(t *testing.T, d *tx.Draft, name string) *tx.Draft {
	t.Helper()
	if err := d.Sign(t.Context(), apptest.Key(name)); err != nil {
		t.Fatal(err)
	}
	return d
}

func encode(t *testing.T, d *tx.Draft) []byte {
	t.Helper()
	raw, err := Encode(d)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestRoundTrip(t *testing.T) {
	d := draft(t, "1")
	for i, name := range []string{"", "cqc/approver", "cqc/certifier"} {
		if name != "" {
			sign(t, d, name)
		}
		again, err := Decode(encode(t, d), apptest.Chain)
		if err != nil || !bytes.Equal(again.Bytes(), d.Bytes()) || len(again.Missing()) != 2-i {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

func TestMerge(t *testing.T) {
	a, b := draft(t, "1"), draft(t, "1")
	merged, err := Merge(sign(t, a, "cqc/certifier"), sign(t, b, "cqc/approver"))
	if err != nil || len(merged.Missing()) != 0 {
		t.Errorf("%v, %v", merged, err)
	}
	if _, err := Merge(a, draft(t, "2")); !errors.Is(err, ErrOther) {
		t.Errorf("%v, want ErrOther", err)
	}
}

// change returns the file with one of its parts changed.
func change(t *testing.T, raw []byte, do func(*file)) []byte {
	t.Helper()
	var f file
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	do(&f)
	out, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTampering(t *testing.T) {
	raw := encode(t, sign(t, draft(t, "1"), "cqc/certifier"))
	refused := func(name string) func(error) bool {
		return func(err error) bool { r, ok := exec.AsRefusal(err); return ok && r.Code.Name == name }
	}
	is := func(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }
	other := encode(t, draft(t, "2"))
	for name, c := range map[string]struct {
		raw  []byte
		want func(error) bool
	}{
		"another body": {change(t, raw, func(f *file) {
			change(t, other, func(o *file) { f.Body, f.ID = o.Body, o.ID })
		}), refused("tx_signature_wrong")},
		"another body, unsigned": {change(t, raw, func(f *file) {
			change(t, other, func(o *file) { f.Body = o.Body })
			f.Signatures = nil
		}), is(ErrFormat)},
		"body cut":            {change(t, raw, func(f *file) { f.Body = f.Body[:len(f.Body)-3] }), is(ErrFormat)},
		"body with more":      {change(t, raw, func(f *file) { f.Body = append(f.Body, 0x78, 1) }), refused("tx_not_canonical")},
		"chain":               {change(t, raw, func(f *file) { f.Chain = "x" }), is(ErrChain)},
		"id":                  {change(t, raw, func(f *file) { f.ID = strings.Repeat("0", 64) }), is(ErrFormat)},
		"format":              {change(t, raw, func(f *file) { f.Format = "hallmark/prepared/v9" }), is(ErrFormat)},
		"signature of nobody": {change(t, raw, func(f *file) { f.Signatures[0].Member = "cqm" }), is(ErrFormat)},
		"signature cut":       {change(t, raw, func(f *file) { f.Signatures[0].Signature = "00" }), is(ErrFormat)},
		"other's signature": {change(t, raw, func(f *file) {
			f.Signatures[0].Key = apptest.Key("cqc/approver").Public().String()
		}), refused("tx_signature_wrong")},
		"not JSON":       {[]byte("-----BEGIN"), is(ErrFormat)},
		"unknown member": {bytes.Replace(raw, []byte(`"format"`), []byte(`"more": 1, "format"`), 1), is(ErrFormat)},
	} {
		if d, err := Decode(c.raw, ""); !c.want(err) {
			t.Errorf("%s: %v, %v", name, d, err)
		}
	}
	if _, err := Decode(raw, "another"); !errors.Is(err, ErrChain) {
		t.Errorf("%v, want ErrChain", err)
	}
}

// The summary is for editors: a lie in it changes nothing, and is gone when the
// file is written again.
func TestSummaryIsNotTrusted(t *testing.T) {
	raw := encode(t, draft(t, "1"))
	lie := change(t, raw, func(f *file) { f.Summary.Messages[0].Action.En = "do nothing at all" })
	d, err := Decode(lie, "")
	if err != nil {
		t.Fatal(err)
	}
	if again := encode(t, d); !bytes.Equal(again, raw) {
		t.Errorf("%s", again)
	}
	if s := Summarize(d); s.Messages[0].Action.En != "issue a certificate" {
		t.Errorf("%+v", s)
	}
}

func FuzzDecode(f *testing.F) {
	body := apptest.Draft{Nonce: 1, Keys: []string{"cqc/certifier"}, Messages: []*txv1.Message{apptest.Approve(1)}}.Body()
	d, err := tx.New(body, anyLimits(apptest.Chain))
	if err != nil {
		f.Fatal(err)
	}
	raw, err := Encode(d)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := Decode(raw, "")
		if err != nil {
			return
		}
		again, err := Encode(d)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Decode(again, d.Body().GetChainId()); err != nil {
			t.Fatalf("what was written is refused: %v", err)
		}
	})
}
