package record

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

var update = flag.Bool("update", false, "write the golden files and docs/records.md")

// TestGolden reads files as people have them. Each is read into the messages of
// its golden file.
func TestGolden(t *testing.T) {
	for _, c := range []struct {
		file, golden string
		options      Options
	}{
		{"chinese-bom.csv", "acts.golden.jsonl", Options{Format: CSV}},
		{"english-crlf.csv", "acts.golden.jsonl", Options{Format: CSV}},
		{"gb18030.csv", "acts.golden.jsonl", Options{Format: CSV, Encoding: "GB18030"}},
		{"acts.json", "acts.golden.jsonl", Options{Format: JSON}},
		{"all.jsonl", "all.golden.jsonl", Options{Format: JSONLines}},
		{"all.csv", "all.golden.jsonl", Options{Format: CSV}},
	} {
		text, err := os.ReadFile(filepath.Join("testdata", c.file))
		if err != nil {
			t.Fatal(err)
		}
		c.options.File, c.options.Issuer, c.options.Today = c.file, body, today
		rows, faults := readAll(t, string(text), c.options)
		for _, f := range faults {
			t.Error(f)
		}
		var got bytes.Buffer
		for _, row := range rows {
			r, err := FromMessage(row.Message)
			if err != nil {
				t.Fatal(err)
			}
			b, err := r.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			got.Write(append(b, '\n'))
		}
		golden := filepath.Join("testdata", c.golden)
		if *update {
			if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) || len(rows) == 0 {
			t.Errorf("%s:\n got %s\nwant %s", c.file, got.Bytes(), want)
		}
	}
}

// TestGB18030 has characters of four bytes, and bytes that are no characters.
func TestGB18030(t *testing.T) {
	o := options(CSV)
	o.Encoding = "gb18030"
	text, err := simplifiedchinese.GB18030.NewEncoder().String("操作,证书编号,决定日期,说明\n恢复,1,2026-06-01,䶮𠮷é\n")
	if err != nil {
		t.Fatal(err)
	}
	rows, faults := readAll(t, text, o)
	if len(faults) > 0 || len(rows) != 1 || rows[0].Record.Note != "䶮𠮷é" {
		t.Fatal(rows, faults)
	}
	if _, faults = readAll(t, "action,number,decided,note\nflag,1,2026-06-01,\xff\xff\n", o); len(faults) != 1 {
		t.Error("bytes that are no characters are taken")
	}
}
