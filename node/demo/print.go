package demo

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/store/engine"
)

// printer writes the demonstration to out.
type printer struct {
	out      io.Writer
	language Language
	colour   bool
	err      error // the first of out; nothing is written after it
}

var (
	labelSigned  = say("signed by", "签名")
	labelVersion = say("version", "版本")
	labelRoot    = say("root", "状态根")
	labelResult  = say("result", "结果")
	labelTimes   = say("times", "用时")
	labelState   = say("state", "状态库")
	labelNext    = say("next", "下一步")
)

var introduction = say(`The foundations of the ledger at work: keys, signatures, the state store and its
proofs, evidence trees; on three real certificates and synthetic ones. The network
is to come, and the ledger's rules do not run here yet: one process plays every
part, and all signers are made up for this run.`,
	`演示账本现有的基础：密钥、签名、状态库及其证明、证据树；数据为三张真实证书和若干合成证书。
节点网络尚待完成，账本规则尚未接入本演示：目前由同一进程扮演各方，所有签名方均为本次演示临时生成。`)

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format, args...)
	}
}

// texts returns m in the languages of p; once if it reads alike in both.
func (p *printer) texts(m message) []string {
	switch p.language {
	case English, Chinese:
		return []string{m.in(p.language)}
	case Both:
	}
	en, zh := m.in(English), m.in(Chinese)
	if en == zh {
		return []string{en}
	}
	return []string{en, zh}
}

// line writes m behind its label; the empty message is left out.
func (p *printer) line(label, m message) {
	if m.en == "" {
		return
	}
	labels, texts := p.texts(label), p.texts(m)
	if len(texts) < len(labels) {
		labels = []string{strings.Join(labels, " ")}
	}
	for i, text := range texts {
		l := ""
		if i < len(labels) {
			l = labels[i]
		}
		p.printf("   %s%s%s\n", l, strings.Repeat(" ", max(14-width(l), 1)), text)
	}
}

// width returns the columns that s takes: Chinese characters take two.
func width(s string) (n int) {
	for _, c := range s {
		n++
		if c >= 0x2e80 {
			n++
		}
	}
	return n
}

// bold returns s as a heading.
func (p *printer) bold(s string) string {
	if p.colour {
		return "\x1b[1m" + s + "\x1b[0m"
	}
	return s
}

func (p *printer) header() {
	p.printf("%s\n", p.bold("Hallmark 印信"))
	for _, t := range p.texts(introduction) {
		p.printf("%s\n", t)
	}
}

func (p *printer) title(n, of int, title message) {
	p.printf("\n%s\n", p.bold(fmt.Sprintf("%d/%d %s", n, of, strings.Join(p.texts(title), " · "))))
}

func (p *printer) outcome(o outcome) {
	p.line(labelSigned, o.signed)
	if o.root.version > 0 {
		p.line(labelVersion, plain("%d", o.root.version))
		p.line(labelRoot, plain("%s", o.root.hash))
	}
	for _, d := range o.details {
		p.line(message{}, d)
	}
	p.line(labelResult, o.result)
}

func (p *printer) summary(times []time.Duration, s engine.Stats, kept string) {
	p.printf("\n%s\n", p.bold(strings.Join(p.texts(say("All checks passed", "全部检查通过")), " · ")))
	var total time.Duration
	each := make([]string, len(times))
	for i, t := range times {
		total += t
		each[i] = fmt.Sprintf("%d: %d ms", i+1, t.Milliseconds())
	}
	p.line(labelTimes, say("%s; together %d ms", "%s；共 %d 毫秒", strings.Join(each, ", "), total.Milliseconds()))
	p.line(labelState, say("%d keys in version %d; versions %d to %[2]d can be proven",
		"第 %[2]d 版共 %[1]d 个键；第 %[3]d 至 %[2]d 版均可证明", s.Keys, s.Version, s.Oldest))
	if kept != "" {
		p.line(message{}, say("kept in %s", "保存于 %s", kept))
	}
	p.line(labelNext, say("docs/formats.md: trie, proofs and signatures, to write a verifier of your own",
		"docs/formats.md：状态树、证明与签名的格式，可据以自行编写验证程序"))
	p.line(message{}, say("make test: the same and much more, on random data and damaged files",
		"make test：以随机数据和受损文件作更多检验"))
	p.line(message{}, say("README.md: what exists and what comes next", "README.md：现有内容与后续计划"))
}
