package record

import (
	"fmt"
	"strings"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Fault is what is wrong with a row, or with a whole file.
type Fault struct {
	File         string
	Row          int // from 1, the header not counted; 0 for the file itself
	Line, Column int // from 1, Column in bytes; 0 for none
	Field        string
	Text         api.Text // what is wrong and what to do
	// Refusal is the documented refusal that the ledger would give; nil if it is
	// the file's form that is wrong.
	Refusal *exec.Refusal
	// Fatal: nothing can be read after it.
	Fatal bool
}

func (f *Fault) Error() string { return f.where("field") + f.Text.En }

// Chinese is Error in Chinese.
func (f *Fault) Chinese() string { return f.where("字段") + f.Text.Zh }

// where is "rows.csv:7:12: field decided: ".
func (f *Fault) where(field string) string {
	var b strings.Builder
	b.WriteString(f.File)
	for _, n := range []int{f.Line, f.Column} {
		if n > 0 {
			fmt.Fprintf(&b, ":%d", n)
		}
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	if f.Field != "" {
		fmt.Fprintf(&b, "%s %s: ", field, f.Field)
	}
	return b.String()
}

// problem is a fault whose place the reader still has to say.
func problem(en, zh string, args ...any) *Fault {
	return &Fault{Text: api.Text{En: fmt.Sprintf(en, args...), Zh: fmt.Sprintf(zh, args...)}}
}

// refusalOf makes a fault of a refusal of package rules.
func refusalOf(field string, err error) *Fault {
	r, ok := exec.AsRefusal(err)
	if !ok {
		return &Fault{Field: field, Text: api.Text{En: err.Error(), Zh: err.Error()}}
	}
	return &Fault{
		Field: field, Refusal: r,
		Text: api.Text{En: r.Code.English + " (" + r.Detail + ")", Zh: r.Code.Chinese + "（" + r.Detail + "）"},
	}
}
