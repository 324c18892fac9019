package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/epcis"
)

// epcisCommand has the commands about EPCIS documents. They use no node and no
// keys.
func (s *session) epcisCommand() *cobra.Command {
	return s.group("epcis", say("EPCIS documents: hashes of events, and whether they are valid", "EPCIS 文档：计算事件哈希、校验有效性"),
		s.epcisHash(), s.epcisValidate(),
	)
}

func (s *session) epcisHash() *cobra.Command {
	c := &cobra.Command{
		Use:   "hash FILE|- …",
		Short: s.language.of(say("Compute the hash of each event", "计算每个事件的哈希")),
		Long: s.language.of(say(`Compute the hash of each event of EPCIS 2.0 documents (JSON-LD), - for the standard
input. For each event one line is printed: the hash of CBV 2.0 for trading partners,
and the SM3 of the same canonical string, which the ledger holds:

  ni:///sha-256;HEX?ver=CBV2.0 HEX

With --prehash it is the canonical string itself. With --json it is all of them, and
where each event stands. Large files are read event by event. Whether they are valid is
not looked at: see hallmark epcis validate. How the string comes about is in
docs/epcis.md.

  hallmark epcis hash events.jsonld
  hallmark epcis hash --prehash - < events.jsonld

Exit codes: 0 done; 3 wrong usage, or a file that cannot be read or has no event.`,
			`计算 EPCIS 2.0 文档（JSON-LD）中每个事件的哈希；- 表示标准输入。每个事件输出一行：供贸易伙伴
使用的 CBV 2.0 哈希，以及同一规范字符串的 SM3（账本所记录者）：

  ni:///sha-256;HEX?ver=CBV2.0 HEX

使用 --prehash 时输出规范字符串本身；使用 --json 时输出全部内容及事件位置。大文件逐个事件
读取。本命令不校验有效性，请用 hallmark epcis validate。规范字符串的规则见 docs/epcis.md。

  hallmark epcis hash events.jsonld
  hallmark epcis hash --prehash - < events.jsonld

退出码：0 完成；3 用法有误，或文件无法读取、不含事件。`)),
		Args: args(cobra.MinimumNArgs(1)),
	}
	prehash := c.Flags().Bool("prehash", false, s.language.of(say("print the canonical string in place of the hashes", "输出规范字符串，而不是哈希")))
	c.RunE = func(_ *cobra.Command, files []string) error { return s.hashEvents(files, *prehash) }
	return c
}

// eventJSON is an event as hash prints it with --json.
type eventJSON struct {
	File    string `json:"file"`
	Event   int    `json:"event"` // from 1, in the file
	Pointer string `json:"pointer"`
	Type    string `json:"type"`
	Hash    string `json:"hash"`
	SM3     string `json:"sm3"`
	Prehash string `json:"prehash,omitempty"`
}

func (s *session) hashEvents(files []string, prehash bool) error {
	out := bufio.NewWriterSize(s.out, 64<<10)
	list := jsonList{out: out}
	if s.json {
		list.open()
	}
	err := s.eachFile(files, func(name string, in io.Reader) error {
		d, err := epcis.Read(in, epcis.DefaultLimits, func(i int, e *epcis.Event) error {
			h := e.Hash()
			line := h.URI() + " " + h.SM3.String()
			switch {
			case s.json:
				item := eventJSON{File: name, Event: i + 1, Pointer: e.Pointer(), Type: e.Type, Hash: h.URI(), SM3: h.SM3.String()}
				if prehash {
					item.Prehash = e.Prehash()
				}
				return list.add(item)
			case prehash:
				line = e.Prehash()
			}
			_, err := out.WriteString(line + "\n")
			return err //nolint:wrapcheck // of the standard output
		})
		if err != nil {
			return s.epcisError(name, err)
		}
		if d.Events == 0 {
			return usage(sayf("%s has no event. hallmark epcis validate says what is wrong with it.", "%s 中没有事件。请用 hallmark epcis validate 查看问题。", name))
		}
		return nil
	})
	if s.json {
		list.close()
	}
	if flushed := out.Flush(); err == nil && flushed != nil {
		return fmt.Errorf("write: %w", flushed)
	}
	return err
}

// eachFile opens the files one after the other.
func (s *session) eachFile(files []string, do func(name string, in io.Reader) error) error {
	for _, name := range files {
		if name == "-" {
			if err := do(name, s.in); err != nil {
				return err
			}
			continue
		}
		f, err := os.Open(name)
		if err != nil {
			return usageOf(sayf("%s cannot be read.", "无法读取 %s。", name), err)
		}
		err = do(name, f)
		_ = f.Close() // it was read only
		if err != nil {
			return err
		}
	}
	return nil
}

// epcisError says what kept a document from being read.
func (s *session) epcisError(name string, err error) error {
	switch {
	case errors.Is(err, epcis.ErrJSON):
		return usageOf(sayf("%s is not JSON as it should be; correct it at the place named.", "%s 不是正确的 JSON，请按所示位置更正。", name), err)
	case errors.Is(err, epcis.ErrLimit):
		return usageOf(sayf("%s is too large in one way; divide it.", "%s 超过限制，请拆分。", name), err)
	case errors.Is(err, epcis.ErrDocument):
		return usageOf(sayf("%s is no EPCIS document: an object with epcisBody, or an event with a type.", "%s 不是 EPCIS 文档：应为含 epcisBody 的对象，或含 type 的事件。", name), err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// jsonList prints a list of JSON values one by one.
type jsonList struct {
	out *bufio.Writer
	n   int
}

func (l *jsonList) open() { _, _ = l.out.WriteString("[") } // Flush has the error

func (l *jsonList) add(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("print: %w", err)
	}
	sep := "\n  "
	if l.n++; l.n > 1 {
		sep = ",\n  "
	}
	_, err = l.out.WriteString(sep + plainJSON(b))
	return err //nolint:wrapcheck // of the standard output
}

func (l *jsonList) close() { _, _ = l.out.WriteString("\n]\n") }
