package testnet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/client/record"
	"github.com/hallmark-ledger/hallmark/testnet/example"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// acceptance is how many certificates TestAcceptance files; it is skipped without.
// With _DIR at its end: an empty folder that is kept, instead of a temporary one.
const acceptance = "HALLMARK_TEST_ACCEPTANCE"

// TestAcceptance files certificates with hallmark cert issue --file into four
// validators. The program is killed on the way and started again; later a
// validator is killed and started again. In the end every certificate is there
// once, on nodes that are all alike.
//
//	HALLMARK_TEST_ACCEPTANCE=100000 go test ./testnet -run Acceptance -v -timeout 1h
func TestAcceptance(t *testing.T) {
	count, err := strconv.Atoi(os.Getenv(acceptance))
	if err != nil || count < 1000 {
		t.Skipf("set %s to a number of certificates, at least 1000", acceptance)
	}
	dir := os.Getenv(acceptance + "_DIR") // to keep everything
	if dir == "" {
		dir = t.TempDir()
	}
	program := filepath.Join(dir, "hallmark")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../cmd/hallmark").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	net, env, err := Up(t.Context(), filepath.Join(dir, "net"), generate.Options{}, runner.Options{Env: []string{asNode + "=1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := net.Close(); err != nil {
			t.Error(err)
		}
	}()
	f := &bulkFiling{t: t, net: net, count: count, file: filepath.Join(dir, "certificates.jsonl"), program: program, env: env}
	f.write()

	begin := time.Now()
	interrupted := f.start()
	f.reach(count * 3 / 10)
	if err := errors.Join(interrupted.Process.Kill(), ignoreExit(interrupted.Wait())); err != nil {
		t.Fatal(err)
	}
	t.Logf("the program is killed at %s, after %v", time.Now().Format(time.TimeOnly), time.Since(begin).Round(time.Second))

	resumed := f.start()
	f.reach(count * 6 / 10)
	victim := net.Nodes[2]
	if err := victim.Kill(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s is killed at %s, after %v", victim.Name, time.Now().Format(time.TimeOnly), time.Since(begin).Round(time.Second))
	time.Sleep(5 * time.Second)
	restarted := time.Now()
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	if err := victim.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Logf("it is up to date %v after it was started", time.Since(restarted).Round(100*time.Millisecond))
	if err := resumed.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, f.out.String())
	}
	lasted := time.Since(begin)
	t.Logf("%d certificates in %v, %.0f a second, both interruptions included\n%s", count, lasted.Round(time.Second), float64(count)/lasted.Seconds(), f.out.String())
	f.check()
}

func ignoreExit(err error) error {
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return nil
	}
	return err
}

// bulkFiling is a file of certificates on its way into a network.
type bulkFiling struct {
	t       *testing.T
	net     *runner.Network
	count   int
	file    string
	program string
	env     []string
	out     bytes.Buffer // of the run that was started last
}

const bulkSeries = "BULK"

func (f *bulkFiling) write() {
	f.t.Helper()
	file, err := os.Create(f.file)
	if err != nil {
		f.t.Fatal(err)
	}
	err = example.Write(file, record.JSONLines, bulkSeries, f.count, civil.DateOf(time.Now().Add(-time.Hour)))
	if err = errors.Join(err, file.Close()); err != nil {
		f.t.Fatal(err)
	}
}

func (f *bulkFiling) start() *exec.Cmd {
	f.t.Helper()
	cmd := exec.CommandContext(f.t.Context(), f.program, "--lang", "en", "cert", "issue", "--file", f.file, "--batch", "100",
		"--sign-with", generate.ExampleCert+".certifier,"+generate.ExampleCert+".approver")
	cmd.Env = append(os.Environ(), f.env...)
	f.out.Reset()
	cmd.Stdout, cmd.Stderr = &f.out, &f.out
	if err := cmd.Start(); err != nil {
		f.t.Fatal(err)
	}
	return cmd
}

// reach waits until certificate n is there: the rows are filed about in order.
func (f *bulkFiling) reach(n int) {
	f.t.Helper()
	for end := time.Now().Add(30 * time.Minute); ; time.Sleep(200 * time.Millisecond) {
		_, err := f.net.Nodes[0].Client.Certificate(f.t.Context(), generate.ExampleCertNumber, example.Number(bulkSeries, n))
		if err == nil {
			return
		}
		if !client.NotFound(err) || time.Now().After(end) {
			f.t.Fatalf("waiting for certificate %d: %v\n%s", n, err, f.out.String())
		}
	}
}

// check asks for each certificate, of one node after the other, and whether the
// nodes have the same blocks and state.
func (f *bulkFiling) check() {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), 30*time.Minute)
	defer cancel()
	c := &checker{nodes: f.net.Nodes}
	height, err := c.settle(ctx, time.Minute)
	if err != nil {
		f.t.Fatal(err)
	}
	err = c.each(func(i int, n *runner.Node) error {
		for k := i; k < f.count; k += len(f.net.Nodes) {
			number := example.Number(bulkSeries, k)
			cert, err := n.Client.Certificate(ctx, generate.ExampleCertNumber, number)
			if err != nil {
				return err
			}
			if cert.Records != 1 || cert.Version != 1 || cert.Effective.Status != "valid" {
				return fmt.Errorf("certificate %s: %+v", number, cert)
			}
		}
		return nil
	})
	if err != nil {
		f.t.Fatal(err)
	}
	var longest time.Duration
	var first [][2]string // hash and app hash
	for i, n := range f.net.Nodes {
		blocks, err := readBlocks(ctx, n.Client, height)
		if err != nil {
			f.t.Fatal(err)
		}
		for h, b := range blocks {
			if i == 0 {
				first = append(first, [2]string{b.Hash, b.AppHash})
			} else if first[h] != [2]string{b.Hash, b.AppHash} {
				f.t.Fatalf("block %d of %s is another", b.Height, n.Name)
			}
			// The time of a block is that of the votes on the one before it, so the
			// first after a rest looks old.
			if i > 0 || h < 2 || len(b.Transactions) == 0 || len(blocks[h-1].Transactions) == 0 || len(blocks[h-2].Transactions) == 0 {
				continue
			}
			gap := b.Time.Sub(blocks[h-1].Time)
			if gap > 3*time.Second {
				f.t.Logf("block %d, of %d transactions, at %s is %v after the one before it, of %d", b.Height, len(b.Transactions),
					b.Time.Local().Format(time.TimeOnly), gap.Round(time.Millisecond), len(blocks[h-1].Transactions))
			}
			longest = max(longest, gap)
		}
	}
	f.t.Logf("%d blocks, the same on all; between two under load at most %v", height, longest)
}
