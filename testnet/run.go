package testnet

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hallmark-ledger/hallmark/testnet/example"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
	"github.com/hallmark-ledger/hallmark/testnet/words"
)

// Options say how a manifest is run.
type Options struct {
	// Dir is a folder for the network, empty or not there yet. It stays.
	Dir string
	// Program is hallmarkd; see runner.Options.
	Program []string
	Env     []string
	// Tell is told what happens; nil for nobody.
	Tell func(words.Message)
}

// Report is what a run showed. Everything was as it must be.
type Report struct {
	Height       uint64        // the last that all nodes have
	Root         string        // of the state after the block before
	Nodes        int           // that were asked
	Transactions int           // of the load, each in one block
	Certificates int           // each there once on every node
	Lasted       time.Duration // the load, until the last of it was in a block
	Gap          time.Duration // the longest between two blocks
	GapAt        uint64        // before this one
}

// Run makes a network as the manifest says, runs it, and checks it in the end. An
// error says what is not as it must be; the logs are in the folders of the nodes.
// No process is left.
func Run(ctx context.Context, m *Manifest, o Options) (report *Report, err error) {
	if o.Tell == nil {
		o.Tell = func(words.Message) {}
	}
	keys, err := generate.NewKeys(nil)
	if err != nil {
		return nil, err
	}
	o.Tell(words.Say("%d validators start; folder %s", "启动 %d 个验证节点；目录 %s", m.Validators, o.Dir))
	net, _, err := Up(ctx, o.Dir, generate.Options{
		ChainID: m.ChainID, Validators: m.Validators, FullNodes: m.FullNodes, Settings: m.Settings, Keys: keys,
	}, runner.Options{Program: o.Program, Env: o.Env, Proxied: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, net.Close()) }()
	r := &run{Manifest: m, Network: net, tell: o.Tell}
	r.ctx, r.fail = context.WithCancelCause(ctx)
	defer r.fail(nil)
	return r.run(keys)
}

func (d Duration) duration() time.Duration { return time.Duration(d) }

// run is a run of a manifest.
type run struct {
	*Manifest
	*runner.Network
	tell func(words.Message)
	ctx  context.Context         // ends at the first thing that is wrong
	fail context.CancelCauseFunc // ends it
}

func (r *run) run(keys generate.Keys) (*Report, error) {
	l, err := newLoad(r.Load, r.ChainID, r.URLs(), keys, r.fail)
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	loading, cancel := context.WithTimeout(r.ctx, r.Load.Lasts.duration())
	defer cancel()
	var happening sync.WaitGroup
	for _, p := range r.Perturb {
		happening.Go(func() {
			if err := r.perturb(loading, p); err != nil {
				r.fail(fmt.Errorf("%s of %s: %w", p.Action, p.Node, err))
			}
		})
	}
	l.run(r.ctx, loading)
	report := &Report{Lasted: time.Since(begin), Transactions: len(l.filed), Certificates: l.certificates(), Nodes: len(r.Nodes)}
	happening.Wait()
	if err := context.Cause(r.ctx); err != nil {
		return nil, errors.Join(err, r.ended())
	}
	if len(l.filed) == 0 {
		return nil, errNothingFiled
	}
	r.tell(words.Say("filed %d certificates in %d transactions, %.0f certificates a second; now every node is asked",
		"已登记 %d 张证书，共 %d 笔交易，每秒 %.0f 张；现逐一检查各节点",
		report.Certificates, report.Transactions, float64(report.Certificates)/report.Lasted.Seconds()))
	c := &checker{nodes: r.Nodes, filed: l.filed, never: []string{example.Number("FORGED", 0), example.Number("FORGED", 1)}}
	s, err := c.check(r.ctx, r.Settle.duration())
	if err != nil {
		return nil, errors.Join(err, r.ended())
	}
	report.Height, report.Root, report.Gap, report.GapAt = s.height, s.root, s.gap, s.gapAt
	if s.gap > r.MaxGap.duration() {
		return nil, fmt.Errorf("blocks %d and %d are %v apart, more than max_gap, %v", s.gapAt-1, s.gapAt, s.gap, r.MaxGap)
	}
	return report, nil
}

// ended says which nodes have ended though they should run.
func (r *run) ended() error {
	var errs []error
	for _, n := range r.Nodes {
		errs = append(errs, n.Err())
	}
	return errors.Join(errs...)
}

// perturb waits for the time of p, lets it happen, and undoes it in time, at the
// latest at the end of the load.
func (r *run) perturb(loading context.Context, p Perturbation) error {
	n, err := r.Node(p.Node)
	if err != nil {
		return err
	}
	if !r.wait(loading, p) {
		if r.ctx.Err() != nil {
			return nil // something else went wrong
		}
		return errors.New("the load ended before its time came")
	}
	r.tell(words.Say("%s: %s", "%s：%s", n.Name, actionText(p)))
	if err := happen(n, p); err != nil {
		return err
	}
	if p.Action == "join" {
		return nil // the check waits for it
	}
	if p.Lasts > 0 {
		select {
		case <-loading.Done():
		case <-time.After(p.Lasts.duration()):
		}
	} else {
		<-loading.Done()
	}
	r.tell(words.Say("%s: %s is over", "%s：%s结束", n.Name, actionText(p)))
	return undo(n, p)
}

// wait waits for the time of p; false if the load ended before.
func (r *run) wait(loading context.Context, p Perturbation) bool {
	if p.AtHeight == 0 {
		select {
		case <-loading.Done():
			return false
		case <-time.After(p.After.duration()):
			return true
		}
	}
	for {
		for _, n := range r.Nodes {
			if !n.Running() {
				continue
			}
			asking, cancel := context.WithTimeout(loading, time.Second) // it may be suspended
			s, err := n.Client.Status(asking)
			cancel()
			if err == nil && s.Height >= p.AtHeight {
				return true
			}
		}
		select {
		case <-loading.Done():
			return false
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func happen(n *runner.Node, p Perturbation) error {
	switch p.Action {
	case "kill":
		return n.Kill()
	case "stop":
		return n.Stop()
	case "pause":
		return n.Pause()
	case "disconnect":
		return n.Disconnect()
	case "slow":
		return n.Slow(p.Delay.duration())
	case "join":
		return n.Start()
	}
	return fmt.Errorf("there is no action %q", p.Action)
}

func undo(n *runner.Node, p Perturbation) error {
	switch p.Action {
	case "kill", "stop":
		return n.Start()
	case "pause":
		return n.Resume()
	case "disconnect":
		return n.Reconnect()
	case "slow":
		return n.Slow(0)
	}
	return fmt.Errorf("there is no end of %q", p.Action)
}

func actionText(p Perturbation) words.Message {
	switch p.Action {
	case "kill":
		return words.Say("killed (kill −9)", "强行终止（kill −9）")
	case "stop":
		return words.Say("stopped", "正常停止")
	case "pause":
		return words.Say("suspended", "进程挂起")
	case "disconnect":
		return words.Say("cut off from all others", "与其他节点断开")
	case "slow":
		return words.Say("each link slowed by %v", "各链路延迟 %v", p.Delay)
	case "join":
		return words.Say("joins as a full node", "作为全节点加入")
	}
	return words.Plain("%s", p.Action)
}
