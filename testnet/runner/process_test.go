package runner

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asProgram makes the test binary behave as a program.
const asProgram = "RUNNER_TEST_PROGRAM"

func TestMain(m *testing.M) {
	switch os.Getenv(asProgram) {
	case "":
		os.Exit(m.Run())
	case "polite": // ends when asked
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGTERM)
		fmt.Println("ready")
		<-c
		fmt.Println("good bye")
	case "deaf": // ends by force only
		signal.Ignore(syscall.SIGTERM)
		fmt.Println("ready")
		time.Sleep(time.Hour)
	case "broken":
		fmt.Println("it cannot work")
		os.Exit(1)
	case "parent": // starts another and dies by force
		p, err := start(os.Args[:1], []string{asProgram + "=deaf"}, os.Args[1])
		if err != nil {
			panic(err)
		}
		if err := os.WriteFile(os.Args[1]+".pid", []byte(strconv.Itoa(p.cmd.Process.Pid)), 0o600); err != nil {
			panic(err)
		}
		time.Sleep(time.Hour)
	}
}

// run starts the test binary in a role and waits until it says that it is ready.
func run(t *testing.T, role string, args ...string) *process {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	p, err := start(append(os.Args[:1:1], args...), []string{asProgram + "=" + role}, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.kill() })
	return p
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not %s in time", what)
		}
	}
}

func ready(p *process) func() bool {
	return func() bool { return strings.Contains(p.tail(), "ready") }
}

func TestStop(t *testing.T) {
	p := run(t, "polite")
	until(t, "ready", ready(p))
	if err := p.signal(syscall.SIGSTOP); err != nil { // a suspended one is woken to stop
		t.Fatal(err)
	}
	if err := p.stop(20 * time.Second); err != nil || !strings.Contains(p.tail(), "good bye") {
		t.Errorf("%v\n%s", err, p.tail())
	}
	if p.running() || p.stop(time.Second) != nil {
		t.Error("to stop what has stopped is an error")
	}

	p = run(t, "deaf")
	until(t, "ready", ready(p))
	if err := p.stop(50 * time.Millisecond); err == nil || !strings.Contains(err.Error(), "was killed") {
		t.Errorf("one that does not stop: %v", err)
	}
	if p.running() {
		t.Error("it was not killed")
	}
}

func TestEndsByItself(t *testing.T) {
	p := run(t, "broken")
	until(t, "ended", func() bool { return !p.running() })
	if p.err == nil || !strings.Contains(p.tail(), "it cannot work") {
		t.Errorf("%v\n%s", p.err, p.tail())
	}
	if _, err := start([]string{filepath.Join(t.TempDir(), "nothing")}, nil, filepath.Join(t.TempDir(), "log")); err == nil {
		t.Error("a program that is not there was started")
	}
}

// TestNoOrphans: what a runner started does not outlive it.
func TestNoOrphans(t *testing.T) {
	if !parentDeath {
		t.Skip("only Linux kills the children of a process that was killed")
	}
	log := filepath.Join(t.TempDir(), "child")
	p := run(t, "parent", log)
	var pid int
	until(t, "started", func() bool {
		b, err := os.ReadFile(log + ".pid")
		if err == nil {
			pid, err = strconv.Atoi(string(b))
		}
		return err == nil
	})
	if err := syscall.Kill(pid, 0); err != nil {
		t.Fatalf("the child does not run: %v", err)
	}
	if err := p.kill(); err != nil {
		t.Fatal(err)
	}
	until(t, "ended with its parent", func() bool { return !alive(pid) })
}

// alive reports whether a process runs; one that has ended and that nobody has
// waited for does not.
func alive(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(b), ") Z ")
}
