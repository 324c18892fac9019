package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/epcis"
)

func (s *session) epcisValidate() *cobra.Command {
	c := &cobra.Command{
		Use:   "validate FILE|- …",
		Short: s.language.of(say("Check documents against the rules of EPCIS 2.0", "按 EPCIS 2.0 的规则校验文档")),
		Long: s.language.of(say(`Check EPCIS 2.0 documents (JSON-LD), - for the standard input, against the rules of
GS1's JSON schema. For each fault a line is printed: which event, counted from 1, the
JSON pointer of the value, what is wrong and what to do.

  hallmark epcis validate events.jsonld

Exit codes: 0 all are valid; 1 some are not; 3 wrong usage, or a file that cannot be
read.`,
			`按 GS1 JSON Schema 的规则校验 EPCIS 2.0 文档（JSON-LD）；- 表示标准输入。每处问题输出一行：
第几个事件、该值的 JSON 指针、问题所在及更正方法。

  hallmark epcis validate events.jsonld

退出码：0 全部有效；1 有文档无效；3 用法有误，或文件无法读取。`)),
		Args: args(cobra.MinimumNArgs(1)),
	}
	c.RunE = func(_ *cobra.Command, files []string) error { return s.validateDocuments(files) }
	return c
}

// documentJSON is a document as validate prints it with --json.
type documentJSON struct {
	File   string      `json:"file"`
	Valid  bool        `json:"valid"`
	Type   string      `json:"type,omitempty"`
	Events int         `json:"events"`
	Count  int         `json:"faultCount"` // faults may be fewer: see maxListed
	Faults []faultJSON `json:"faults,omitempty"`
}

type faultJSON struct {
	Event   int    `json:"event,omitempty"` // from 1; absent: what stands around the events
	Pointer string `json:"pointer"`
	English string `json:"en"`
	Chinese string `json:"zh"`
}

// maxListed is the most faults of a file that are listed.
const maxListed = 1000

func (s *session) validateDocuments(files []string) error {
	out := bufio.NewWriterSize(s.out, 64<<10)
	list := jsonList{out: out}
	if s.json {
		list.open()
	}
	invalid := 0
	err := s.eachFile(files, func(name string, in io.Reader) error {
		d, err := s.validate(name, in, out)
		if err != nil {
			return err
		}
		if !d.Valid {
			invalid++
		}
		if s.json {
			return list.add(d)
		}
		return s.documentVerdict(out, d)
	})
	if s.json {
		list.close()
	}
	if flushed := out.Flush(); err == nil && flushed != nil {
		return fmt.Errorf("write: %w", flushed)
	}
	if err == nil && invalid > 0 {
		return &failure{exitRefused, text{}, errTold}
	}
	return err
}

// validate checks one document and prints its faults as they are found.
func (s *session) validate(name string, in io.Reader, out *bufio.Writer) (*documentJSON, error) {
	d := &documentJSON{File: name}
	note := func(faults []epcis.Fault) error {
		for _, f := range faults {
			if d.Count++; d.Count > maxListed {
				continue
			}
			if s.json {
				d.Faults = append(d.Faults, faultJSON{f.Event + 1, f.Pointer, f.English, f.Chinese})
				continue
			}
			if _, err := out.WriteString(name + ": " + s.fault(f) + "\n"); err != nil {
				return err //nolint:wrapcheck // of the standard output
			}
		}
		return nil
	}
	read, err := epcis.Read(in, epcis.DefaultLimits, func(_ int, e *epcis.Event) error { return note(e.Faults()) })
	if errors.Is(err, epcis.ErrJSON) || errors.Is(err, epcis.ErrDocument) {
		t := s.epcisError(name, err).(*failure).text //nolint:forcetypeassert,errorlint // it makes one of these two
		detail := strings.TrimPrefix(err.Error(), "epcis: ")
		f := epcis.Fault{Event: -1}
		f.English, f.Chinese = t.En+" "+detail, t.Zh+" "+detail
		return d, note([]epcis.Fault{f})
	}
	if err != nil {
		return nil, s.epcisError(name, err)
	}
	d.Type, d.Events = read.Type, read.Events
	if err := note(read.Faults); err != nil {
		return nil, err
	}
	d.Valid = d.Count == 0
	return d, nil
}

func (s *session) fault(f epcis.Fault) string {
	if s.language == chinese {
		return f.In("zh")
	}
	return f.In("en")
}

// documentVerdict prints the last line about a document.
func (s *session) documentVerdict(out *bufio.Writer, d *documentJSON) error {
	t := sayf("%s: valid, events: %d", "%s：有效，事件数：%d", d.File, d.Events)
	switch {
	case d.Count > maxListed:
		t = sayf("%s: not valid; faults: %d, of which the first %d are listed", "%s：无效，问题共 %d 处，仅列出前 %d 处", d.File, d.Count, maxListed)
	case !d.Valid:
		t = sayf("%s: not valid; faults: %d", "%s：无效，问题共 %d 处", d.File, d.Count)
	}
	_, err := out.WriteString(s.language.of(t) + "\n")
	return err //nolint:wrapcheck // of the standard output
}

// plainJSON escapes what a terminal would not show as it is, so that the value
// that a program reads is exact.
func plainJSON(b []byte) string {
	var out strings.Builder
	for _, r := range string(b) {
		if unicode.IsGraphic(r) {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&out, `\u%04x`, unit)
		}
	}
	return out.String()
}
