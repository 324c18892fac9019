package record

import (
	"os"
	"strings"
	"testing"
)

const docsFile = "../../docs/records.md"

// TestDocs holds docs/records.md against the table of fields.
func TestDocs(t *testing.T) {
	want := docs()
	if *update {
		if err := os.WriteFile(docsFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not that of the table: go test ./client/record -update", docsFile)
	}
}

func docs() string {
	var b strings.Builder
	b.WriteString(`# Files of certificates

Written from the table of ` + "`client/record`" + ` by its tests (` + "`go test ./client/record -run Docs -update`" + `). What ` + "`hallmark cert … --file`" + ` reads: CSV (RFC 4180, UTF-8 with or without a byte order mark, or GB 18030 with ` + "`--encoding gb18030`" + `), JSON Lines, or a JSON list. One row is one act on one certificate.

- CSV has a header row with the names of the first or of the second column below, in any order. Lists have ` + "`;`" + ` or ` + "`；`" + ` between their entries; what contains one is written as JSON. An empty cell says nothing.
- JSON has the names of the third column; a dot stands for an object in an object. Values are texts, lists of texts, ` + "`order`" + ` a number. ` + "`details.components`" + ` is a list of ` + "`{\"issuer\", \"number\"}`" + `, ` + "`decisions`" + ` one of ` + "`{\"action\", \"decided\", \"reason\", \"suspended_from\", \"suspended_until\", \"note\"}`" + `.
- Dates are written 2026-06-01. Codes keep their leading zeros: format the column as text.
- Amendments (extend, reduce, name, address, model, standard, particulars) give the whole new text.
- Columns and fields that are not here, or that the action does not take, are errors.

CSV（RFC 4180；UTF-8，有无 BOM 均可；国标编码用 ` + "`--encoding gb18030`" + `）、JSON Lines 或 JSON 列表，每行对应对一张证书的一次操作。CSV 首行为列名，用下表第一列或第二列的名称，顺序不限；列表各项以 ` + "`;`" + ` 或 ` + "`；`" + ` 分隔。JSON 用第三列的名称。日期写作 2026-06-01；代码须保留前导零。变更（扩大、缩小范围等）须给出变更后的全部内容。未列出的列、字段，以及操作没有的项，均视为错误。

| column | 列名 | JSON | of | |
|---|---|---|---|---|
`)
	for _, f := range Fields() {
		var of []string
		for _, a := range f.Takes {
			name := a.String()
			for _, n := range f.Needs {
				if n == a {
					name = "**" + name + "**"
				}
			}
			of = append(of, name)
		}
		actions := strings.Join(of, ", ")
		switch {
		case len(f.Needs) == len(Actions):
			actions = "**all**"
		case len(f.Takes) == len(Actions):
			actions = "all"
			for _, n := range f.Needs {
				actions += ", **" + n.String() + "**"
			}
		case len(f.Takes) == 12 && f.Needs == nil:
			actions = "texts"
		}
		list := ""
		if f.List {
			list = "list · 列表 "
		}
		b.WriteString("| `" + f.Name + "` | " + f.Chinese + " | `" + f.Path + "` | " + actions + " | " + strings.TrimSpace(list+f.About.En+" "+f.About.Zh) + " |\n")
	}
	b.WriteString("\n**Bold**: the action must have it. texts: issue, import, renew, transfer, correct, and the amendments; which of them a text needs depends on its family.\n\n粗体：该操作必填。texts：颁发、历史导入、换证、机构转换、勘误及各类变更；必填哪些取决于认证类别。\n")
	return b.String()
}
