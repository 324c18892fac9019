package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
	"github.com/hallmark-ledger/hallmark/testnet/words"
)

// Options are the settings of a run; the zero value is right for most.
type Options struct {
	// Dir is where the network is made and stays; it must be empty or not exist.
	// Default: a temporary folder, removed in the end.
	Dir string
	// Once ends after the last step; otherwise the network runs until the context
	// ends.
	Once bool
	// BasePort is the first of the nodes' ports; 0 for any that are free.
	BasePort int
	// Settings of all nodes: section.key=value.
	Settings []string
	// Program is hallmarkd, Env is added to its environment; see runner.Options.
	Program, Env []string
	// Language of the output.
	Language words.Language
	// Colour says that out is a terminal that shows it.
	Colour bool
}

// validators is how many there are.
const validators = 4

// settings of the nodes: blocks follow each other faster than is usual.
var settings = []string{"consensus.timeout_commit=200ms", "consensus.gossip_interval=10ms"}

// patience is how long the network may take to start, and for each step.
const patience = 30 * time.Second

// Run shows all steps on out. Its error is that of the first thing that is not as
// it should be, of ctx, or of out. No process is left.
func Run(ctx context.Context, out io.Writer, o Options) (err error) {
	begin := time.Now()
	dir, remove, err := folder(o.Dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	d, err := prepare(ctx, dir, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.net.Close()) }()
	p := &printer{out: out, language: o.Language, colour: o.Colour}
	p.printf("%s\n", p.bold("Hallmark 印信"))
	p.paragraph(introduction)
	for i, s := range steps {
		p.heading(fmt.Sprintf("%d/%d ", i+1, len(steps)), s.title)
		if p.err != nil {
			return p.err
		}
		result, err := d.step(ctx, s.do)
		if err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return fmt.Errorf("step %d, %s: %w", i+1, s.title.In(words.English), err)
		}
		p.outcome(result)
	}
	p.heading("", words.Say("All is as it should be, after %.0f s", "全部符合预期，用时 %.0f 秒", time.Since(begin).Seconds()))
	d.summary(p, o)
	if p.err != nil || o.Once {
		return p.err
	}
	if err := d.net.Wait(ctx); ctx.Err() == nil {
		return err
	}
	p.paragraph(words.Say("\nstopping", "\n正在停止"))
	return p.err
}

// folder returns the folder to work in, and what removes it.
func folder(dir string) (string, func() error, error) {
	if dir != "" {
		return dir, func() error { return nil }, nil
	}
	temp, err := os.MkdirTemp("", "hallmark-demo-")
	return temp, func() error { return os.RemoveAll(temp) }, err
}

// prepare makes the network and what talks to it. Nothing runs yet.
func prepare(ctx context.Context, dir string, o Options) (*demo, error) {
	keys, err := generate.NewKeys(nil)
	if err != nil {
		return nil, err
	}
	summary, err := generate.Create(ctx, dir, generate.Options{
		ChainID: chainID, Validators: validators, BasePort: o.BasePort, Keys: keys, Settings: append(settings, o.Settings...),
	})
	if err != nil {
		return nil, err
	}
	net, err := runner.New(ctx, summary, runner.Options{Program: o.Program, Env: o.Env})
	if err != nil {
		return nil, err
	}
	d := &demo{net: net, keys: keys, once: o.Once}
	if err := d.connect(); err != nil {
		return nil, errors.Join(err, net.Close())
	}
	return d, nil
}

const chainID = "hallmark-demo"

// step does one step, for no longer than patience.
func (d *demo) step(ctx context.Context, do func(*demo, context.Context) (*outcome, error)) (*outcome, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("it took longer than %v", patience))
	defer cancel()
	return do(d, ctx)
}

// summary says what there is to see, or, if nothing runs any more, how to see it.
func (d *demo) summary(p *printer, o Options) {
	if o.Once {
		p.paragraph(words.Say("Without --once the network goes on running, to be looked at.", "不加 --once 时网络持续运行，可供查看。"))
		if o.Dir != "" {
			p.paragraph(words.Say("Kept in %s; to run it again: hallmarkd testnet start %[1]s", "保存于 %s；再次运行：hallmarkd testnet start %[1]s", d.net.Dir()))
		}
		return
	}
	p.paragraph(words.Say("The nodes answer at", "各节点的接口地址"))
	for _, n := range d.net.Nodes {
		p.paragraph(words.Plain("   %s/v1/status   %s", n.URL(), n.Member))
	}
	first := d.net.Nodes[0].URL()
	p.paragraph(words.Say("For example", "例如"))
	p.paragraph(words.Plain("   curl %s/v1/certificates/%s/%s", first, generate.ExampleCertNumber, number(toSuspend)))
	p.paragraph(words.Plain("   curl %s/v1/certificates/%s/%s/history", first, generate.ExampleCertNumber, number(toSuspend)))
	p.paragraph(words.Plain("   curl %s/v1/numbers/%s", first, forged))
	p.paragraph(words.Plain("   curl -N '%s/v1/feed?since=1'", first))
	p.paragraph(words.Plain("   curl %s/v1/trace/%s/way", first, url.PathEscape(banks[0])))
	p.paragraph(words.Plain("   curl %s/v1/openapi.json", first))
	p.paragraph(words.Plain("   go run ./cmd/hallmark --node %s cert history %s", first, number(toSuspend)))
	offline := fmt.Sprintf("--bundle %s --card %s", d.net.Path(bankFile), d.net.Path(cardFile))
	p.paragraph(words.Plain("   go run ./cmd/hallmark trace show %s %s", banks[0], offline))
	p.paragraph(words.Plain("   go run ./cmd/hallmark trace verify %s --product %s %s", d.net.Path(predatedFile), banks[0], offline))
	p.paragraph(words.Say("In a browser: the power bank with its trace, and the page that verifies codes and files", "用浏览器打开：移动电源及其追溯，以及核验二维码与文件的页面"))
	p.paragraph(words.Plain("   %s%s", first, pagePath(banks[0])))
	p.paragraph(words.Plain("   %s/verify", first))
	p.paragraph(words.Say("Fingerprint of the trust card that they go by: %s", "页面所用信任卡的指纹：%s", d.card.FingerprintText()))
	p.paragraph(words.Say("Keys of the members: %s (pass phrase in the file passphrase)", "成员密钥：%s（口令见其中 passphrase 文件）", d.net.Path(d.net.Keys)))
	p.paragraph(words.Say("The network runs until Ctrl-C.", "网络持续运行，按 Ctrl-C 停止。"))
}
