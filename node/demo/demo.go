package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/store/engine"
)

// Options are the settings of a run; the zero value is right for most.
type Options struct {
	// Dir is where everything is written and stays; it must be empty or not
	// exist. Default: a temporary folder, removed in the end.
	Dir string
	// Language of the output; default Both.
	Language Language
	// Colour says that out is a terminal that shows it.
	Colour bool
}

// ErrDir: Options.Dir holds something. Name an empty folder, or none.
var ErrDir = errors.New("demo: the folder is not empty")

// run is one demonstration. Its steps run one after the other and leave to the
// next what it needs.
type run struct {
	dir        string
	bodies     []body
	validators []*sm2.PrivateKey
	trust      trust
	db         *engine.DB
	roots      []signedRoot // of versions 1, 2, …
}

// outcome is what a step has to show beside its title. What is empty is not
// printed.
type outcome struct {
	signed  message
	root    signedRoot
	details []message
	result  message
}

// steps are the demonstration, in order.
var steps = []struct {
	title message
	do    func(*run, context.Context) (outcome, error)
}{
	{say("SM2 keys for two certification bodies and four validators", "为两家认证机构和四个验证节点生成 SM2 密钥"), (*run).makeKeys},
	{say("Record certificates, each signed by two persons", "登记证书，每张由两人签名"), (*run).issue},
	{say("Prove that a certificate is recorded", "证明某张证书已登记"), (*run).prove},
	{say("Suspend a certificate", "暂停一张证书"), (*run).suspend},
	{say("Expose a forged number", "识破伪造的证书编号"), (*run).exposeForgery},
	{say("Tamper with what a verifier is given", "篡改交给验证方的内容"), (*run).tamper},
	{say("Anchor test reports and prove one of them", "锚定检测报告并证明其中一份"), (*run).anchor},
	{say("Reopen the store, and build it anew from a snapshot", "重新打开状态库，并用快照重建"), (*run).reopen},
}

// Run shows all steps on out. Its error is that of the first check that fails,
// of ctx, or of out.
func Run(ctx context.Context, out io.Writer, opts Options) (err error) {
	dir, remove, err := workDir(opts.Dir)
	if err != nil {
		return err
	}
	r := &run{dir: dir}
	defer func() { err = errors.Join(err, r.close(), remove()) }()

	p := &printer{out: out, language: opts.Language, colour: opts.Colour}
	p.header()
	times := make([]time.Duration, 0, len(steps))
	for i, s := range steps {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		start := time.Now()
		p.title(i+1, len(steps), s.title)
		if p.err != nil {
			return p.err
		}
		o, err := s.do(r, ctx)
		if err != nil {
			return fmt.Errorf("step %d, %s: %w", i+1, s.title.en, err)
		}
		p.outcome(o)
		times = append(times, time.Since(start))
	}
	p.summary(times, r.db.Stats(), opts.Dir)
	return p.err
}

// workDir returns the folder to work in and how to leave it.
func workDir(dir string) (string, func() error, error) {
	if dir == "" {
		temp, err := os.MkdirTemp("", "hallmark-demo-")
		return temp, func() error { return os.RemoveAll(temp) }, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", nil, err
	}
	entries, err := os.ReadDir(dir)
	if err == nil && len(entries) > 0 {
		err = fmt.Errorf("%w: %s", ErrDir, dir)
	}
	return dir, func() error { return nil }, err
}

// open opens the state of the run.
func (r *run) open() (err error) {
	r.db, err = engine.Open(filepath.Join(r.dir, "state"), engine.Options{})
	return err
}

// close closes what open opened.
func (r *run) close() error {
	if r.db == nil {
		return nil
	}
	db := r.db
	r.db = nil
	return db.Close()
}
