package command

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// A node that is killed at any moment comes up again with all that it had
// reported as committed, and goes on.
func TestKill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	home := filepath.Join(dir, "home")
	if err := writeState(dir); err != nil {
		t.Fatal(err)
	}
	env := environment()
	hallmarkd := func(ctx context.Context, args ...string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, "hallmarkd", append(args, "--home", home, "--log.level", "warn")...)
		cmd.Env = os.Environ()
		for name, value := range env {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
		cmd.Stderr = os.Stderr
		return cmd
	}
	args := []string{"init", "--chain-id", apptest.Chain, "--member", "cnca", "--name", "val-00", "--state", filepath.Join(dir, "state.json")}
	if err := hallmarkd(t.Context(), args...).Run(); err != nil {
		t.Fatal(err)
	}
	load := &load{base: "http://" + env["HALLMARKD_API_LISTEN"]}
	var height uint64
	for range 4 {
		ctx, kill := context.WithCancel(t.Context())
		cmd := hallmarkd(ctx, "start")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if err := awaitHeight(env["HALLMARKD_API_LISTEN"], height+1); err != nil {
			t.Fatal(err)
		}
		load.check(t)
		load.run(func() {
			time.Sleep(300*time.Millisecond + rand.N(200*time.Millisecond))
			kill() // -9
			_ = cmd.Wait()
		})
		height = load.height
	}
	if len(load.committed) == 0 {
		t.Fatal("no transaction was committed")
	}
	t.Logf("%d certificates, height %d", len(load.committed), load.height)
	// An export reads and checks the whole state that is left.
	if out, err := hallmarkd(t.Context(), "export", "--chain-id", "hallmark-2").Output(); err != nil || !bytes.Contains(out, []byte("K0")) {
		t.Error(err)
	}
}

// load files certificates, one at a time from each of a few senders.
type load struct {
	base string

	mu        sync.Mutex
	nonce     uint64              // guarded by mu
	height    uint64              // guarded by mu; the highest that was reported
	committed map[string]struct{} // guarded by mu; numbers whose commit was reported
}

// run files while fn runs.
func (l *load) run(fn func()) {
	stop := make(chan struct{})
	var senders sync.WaitGroup
	for range 3 {
		senders.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					l.file()
				}
			}
		})
	}
	fn()
	close(stop)
	senders.Wait()
}

// file files one certificate. What is not reported as committed may be or not.
func (l *load) file() {
	l.mu.Lock()
	l.nonce++
	nonce := l.nonce
	l.mu.Unlock()
	number := fmt.Sprintf("K%05d", nonce)
	raw := apptest.Draft{
		Nonce: nonce, Expiry: time.Now().Add(time.Hour), Keys: []string{"cqc/certifier", "cqc/approver"},
		Messages: []*txv1.Message{apptest.Issue(number, civil.DateOf(time.Now()))},
	}.Sign()
	res, err := http.Post(l.base+"/v1/transactions?wait=committed", "application/octet-stream", bytes.NewReader(raw))
	if err != nil {
		return
	}
	defer res.Body.Close()
	var answer struct {
		State  string
		Height uint64
	}
	if json.NewDecoder(res.Body).Decode(&answer) != nil || answer.State != "committed" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.committed == nil {
		l.committed = map[string]struct{}{}
	}
	l.committed[number] = struct{}{}
	l.height = max(l.height, answer.Height)
}

// check fails if a certificate that was reported as committed is not there.
func (l *load) check(t *testing.T) {
	t.Helper()
	for number := range l.committed {
		res, err := http.Get(l.base + "/v1/certificates/" + apptest.CQC + "/" + number)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s was committed and is lost: %s", number, res.Status)
		}
	}
}
