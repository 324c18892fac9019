package record

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// fuzzFile reads whatever text is, and holds each row that is accepted to what
// rows are: it is in order by its own check, and the same again after it was
// written and read.
func fuzzFile(t *testing.T, text []byte, o Options) {
	rows, _ := readAll(t, string(text), o)
	for _, row := range rows {
		if err := row.Record.Check(o.Issuer, o.Today); err != nil {
			t.Fatalf("row %d: %v", row.N, err)
		}
		again, err := FromMessage(row.Message)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		w, err := NewWriter(&file, JSONLines, false)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(again); err != nil {
			t.Fatal(err)
		}
		once := o
		once.Format, once.Encoding, once.Actions = JSONLines, "", nil
		rows, faults := readAll(t, file.String(), once)
		if len(faults) > 0 || len(rows) != 1 || !reflect.DeepEqual(rows[0].Record, again) {
			t.Fatalf("%v\n%s\n got %+v\nwant %+v", faults, file.String(), rows, again)
		}
	}
}

func seed(f *testing.F, format Format) {
	files, err := filepath.Glob(filepath.Join("testdata", "*."+string(format)))
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
}

func FuzzCSV(f *testing.F) {
	seed(f, CSV)
	f.Fuzz(func(t *testing.T, b []byte) {
		o := options(CSV)
		fuzzFile(t, b, o)
		o.Encoding = "gb18030"
		fuzzFile(t, b, o)
	})
}

func FuzzJSON(f *testing.F) {
	seed(f, JSONLines)
	seed(f, JSON)
	f.Fuzz(func(t *testing.T, b []byte) {
		fuzzFile(t, b, options(JSONLines))
		fuzzFile(t, b, options(JSON))
	})
}
