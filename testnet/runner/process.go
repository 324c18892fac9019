package runner

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// process is one run of a program.
type process struct {
	cmd    *exec.Cmd
	log    string        // path of what it writes
	exited chan struct{} // closed when it has ended
	err    error         // how it ended; set before exited is closed
}

// start runs argv with env added to the environment. What it writes is appended
// to the file log.
func start(argv, env []string, log string) (*process, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close() // the child has its own
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(environment(), env...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = attributes()
	p := &process{cmd: cmd, log: log, exited: make(chan struct{})}
	started := make(chan error)
	// The kernel sends the parent-death signal when the thread ends that started
	// the process, so that thread waits for the process and does nothing else.
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		p.err = cmd.Wait()
		close(p.exited)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("runner: start %s: %w", argv[0], err)
	}
	return p, nil
}

// environment is this process's without settings of hallmarkd: a node has those
// of its file, and what the runner says.
func environment() []string {
	return slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, "HALLMARKD_") })
}

func (p *process) running() bool {
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// signal sends s to the process. One that has ended is no error.
func (p *process) signal(s syscall.Signal) error {
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("runner: signal %v: %w", s, err)
	}
	return nil
}

// killed reports whether the process was ended with SIGKILL.
func (p *process) killed() bool {
	if p.running() {
		return false
	}
	status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// kill ends the process at once and waits until it has ended.
func (p *process) kill() error {
	err := p.signal(syscall.SIGKILL)
	<-p.exited
	return err
}

// stop asks the process to end, and kills it if it has not after patience. It is
// an error if it had to be killed or did not end with status 0.
func (p *process) stop(patience time.Duration) error {
	err := errors.Join(p.signal(syscall.SIGCONT), p.signal(syscall.SIGTERM))
	select {
	case <-p.exited:
		if p.err != nil {
			err = errors.Join(err, fmt.Errorf("runner: it ended with: %w\n%s", p.err, p.tail()))
		}
		return err
	case <-time.After(patience):
		return errors.Join(err, p.kill(), fmt.Errorf("runner: it did not stop within %v and was killed\n%s", patience, p.tail()))
	}
}

// tail returns the end of the log, for error messages.
func (p *process) tail() string {
	const most = 4 << 10
	f, err := os.Open(p.log)
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err.Error()
	}
	from := max(0, size-most)
	b := make([]byte, size-from)
	if _, err := f.ReadAt(b, from); err != nil && !errors.Is(err, io.EOF) {
		return err.Error()
	}
	if _, rest, cut := bytes.Cut(b, []byte("\n")); from > 0 && cut {
		b = rest
	}
	return fmt.Sprintf("the end of %s:\n%s", p.log, b)
}
