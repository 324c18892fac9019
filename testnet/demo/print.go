package demo

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/testnet/words"
)

// printer writes the demonstration to out.
type printer struct {
	out      io.Writer
	language words.Language
	colour   bool
	err      error // the first of out; nothing is written after it
}

var (
	labelWhat   = words.Say("what", "内容")
	labelSigned = words.Say("signed by", "签名")
	labelBlock  = words.Say("block", "区块")
	labelStatus = words.Say("status", "状态")
	labelProof  = words.Say("verified", "核验")
)

var introduction = words.Say(`Four validators run on this machine, each a process of its own, as regulators and
the accreditation body would run them. What is recorded is done by all four, and
each is asked after every step. No institution named here takes part; all keys
were made for this demonstration.`,
	`四个验证节点以独立进程在本机运行，模拟由监管部门运行的网络。每一步由四个节点共同完成，
随后逐一向各节点核验。所列机构均未参与；全部密钥为本次演示生成。`)

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format, args...)
	}
}

// line writes m behind its label; the empty message is left out.
func (p *printer) line(label, m words.Message) {
	if m.Empty() {
		return
	}
	labels, texts := label.Lines(p.language), m.Lines(p.language)
	if len(texts) < len(labels) {
		labels = []string{strings.Join(labels, " ")}
	}
	for i, text := range texts {
		l := ""
		if i < len(labels) {
			l = labels[i]
		}
		p.printf("   %s%s%s\n", l, strings.Repeat(" ", max(14-words.Width(l), 1)), text)
	}
}

// bold returns s as a heading.
func (p *printer) bold(s string) string {
	if p.colour {
		return "\x1b[1m" + s + "\x1b[0m"
	}
	return s
}

// heading writes m as a heading, on one line.
func (p *printer) heading(prefix string, m words.Message) {
	p.printf("\n%s\n", p.bold(prefix+m.Line(p.language)))
}

// paragraph writes m without a label.
func (p *printer) paragraph(m words.Message) {
	for _, line := range m.Lines(p.language) {
		p.printf("%s\n", line)
	}
}

// outcome is what a step has to show beside its title. What is empty is not
// printed.
type outcome struct {
	what   []words.Message
	signed []words.Message
	blocks []committed
	status []words.Message
	proof  words.Message
}

// committed says where a transaction is.
type committed struct {
	id     string
	height uint64
	time   time.Time
}

func (p *printer) outcome(o *outcome) {
	p.list(labelWhat, o.what)
	p.list(labelSigned, o.signed)
	var blocks []words.Message
	for _, c := range o.blocks {
		blocks = append(blocks, words.Say("%d, at %s; transaction %.16s…", "%d，时间 %s；交易 %.16s…", c.height, c.time.Local().Format(time.TimeOnly), c.id))
	}
	p.list(labelBlock, blocks)
	p.list(labelStatus, o.status)
	p.line(labelProof, o.proof)
}

// list writes messages under one label.
func (p *printer) list(label words.Message, list []words.Message) {
	for i, m := range list {
		if i > 0 {
			label = words.Message{}
		}
		p.line(label, m)
	}
}
