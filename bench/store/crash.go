package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// crashVersions is how many versions the process that is to be killed commits
// first.
const crashVersions = 5

// crash starts cmd, which runs commitForever, kills it with SIGKILL in the
// middle of its work and returns the last version it said was durable.
func crash(cmd *exec.Cmd) (acknowledged uint64, err error) {
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	lines := bufio.NewReader(stdout)
	for n := 0; ; n++ {
		if n == crashVersions {
			if err := cmd.Process.Kill(); err != nil {
				return 0, err
			}
		}
		line, err := lines.ReadString('\n') // what was written before the kill is still read
		if errors.Is(err, io.EOF) {
			break // a line cut short by the kill is dropped
		}
		if err != nil {
			return 0, err
		}
		if acknowledged, err = strconv.ParseUint(strings.TrimSpace(line), 10, 64); err != nil {
			return 0, err
		}
	}
	err = cmd.Wait() // reports the kill
	if acknowledged == 0 {
		return 0, fmt.Errorf("the process to be killed ended by itself: %w", err)
	}
	return acknowledged, nil
}

// commitForever opens an existing store and commits until the process is
// killed, writing a line to out after each version that is durable.
func commitForever(name string, s settings, p plan, out io.Writer) error {
	t, w, _, err := resume(name, s, p)
	if err != nil {
		return err
	}
	for {
		if _, err := commit(t, w, 0, updateChanges); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, t.Version()); err != nil {
			return err
		}
	}
}

// reopened is what is measured after a crash.
type reopened struct {
	Seconds     float64 // to open the store
	FirstCommit float64 // milliseconds
}

// reopen opens the store that the killed process left, checks that it holds the
// version acknowledged, commits once, and proves what it committed.
func reopen(name string, s settings, p plan, acknowledged uint64) (out *reopened, err error) {
	t, w, seconds, err := resume(name, s, p)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	if t.Version() < acknowledged {
		return nil, fmt.Errorf("version %d was durable, %d was found", acknowledged, t.Version())
	}
	version, changes := w.next(0, updateChanges)
	start := time.Now()
	if err := t.Commit(version, changes); err != nil {
		return nil, err
	}
	out = &reopened{Seconds: seconds, FirstCommit: millis(start)}
	draw := func() (k, v []byte) {
		c := changes[w.rng.IntN(len(changes))]
		return c.Key, c.Value
	}
	if _, err := prove(t, 100, t.Prove, draw); err != nil {
		return nil, err
	}
	return out, nil
}

// resume opens an existing store of p.Keys keys, and a workload that continues
// after its version.
func resume(name string, s settings, p plan) (t target, w *workload, seconds float64, err error) {
	start := time.Now()
	if t, err = targets[name](s); err != nil {
		return nil, nil, 0, err
	}
	seconds = time.Since(start).Seconds()
	w = newWorkload(p.Keys)
	w.setIn = w.setIn[:p.Keys]
	w.version = t.Version()
	return t, w, seconds, nil
}
