// Command store compares authenticated stores: Hallmark's engine, cosmos/iavl
// and pokt-network/smt, on the same keys, the same kind of database and one
// fsync per commit. README.md says what is measured and what makes the
// comparison fair.
//
// Each target runs in processes of its own, one after another.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// job is what a process of its own is to do. It comes as JSON in the second
// argument, behind the word child; the answer goes to standard output as JSON.
type job struct {
	Role         string // run, commit or reopen
	Target       string
	Settings     settings
	Plan         plan
	Acknowledged uint64 // for reopen
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "child" {
		exitOn(child(os.Args[2]))
		return
	}
	keys := flag.Int("keys", 1_000_000, "keys present after the build")
	versions := flag.Int("versions", 1000, "versions of the update phase")
	iavlVersions := flag.Int("iavl-versions", 50, "the same for iavl and smt")
	names := flag.String("targets", "iavl,smt,hallmark,hallmark-bounded", "which to run, in this order")
	backend := flag.String("backend", "pebble", "database under iavl and smt: pebble (set up as under hallmark), pebble-default (as cosmos-db does) or goleveldb")
	dir := flag.String("dir", "", "where to put the databases; not a RAM disk (default: a temporary directory)")
	quick := flag.Bool("quick", false, "a small run that shows only that everything works")
	flag.Parse()

	p := plan{Keys: *keys, Versions: *versions, Bulk: 5, Proofs: 2000}
	if *quick {
		p = plan{Keys: 10_000, Versions: 10, Bulk: 1, Proofs: 200}
		*iavlVersions = min(*iavlVersions, 5)
	}
	exitOn(compare(strings.Split(*names, ","), *backend, *dir, p, *iavlVersions))
}

// compare runs the targets one after another and reports.
func compare(names []string, backend, dir string, p plan, others int) error {
	root, err := os.MkdirTemp(dir, "hallmark-bench-store-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)

	outcomes := map[string]*outcome{}
	for _, name := range names {
		if targets[name] == nil {
			return fmt.Errorf("unknown target %q", name)
		}
		j := job{Target: name, Plan: p, Settings: settings{Dir: filepath.Join(root, name), Backend: backend}}
		switch name {
		case "iavl", "smt":
			j.Plan.Versions, j.Plan.Bulk = min(p.Versions, others), 1 // they take much longer
		case "hallmark-bounded":
			ours := outcomes["hallmark"]
			if ours == nil {
				return fmt.Errorf("hallmark-bounded needs the figure of hallmark: name it before")
			}
			j.Settings.Memory = ours.Trie / 4
		}
		fmt.Fprintf(os.Stderr, "%s: %d keys, %d versions\n", name, j.Plan.Keys, j.Plan.Versions)
		if outcomes[name], err = measure(j); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.RemoveAll(j.Settings.Dir); err != nil {
			return err
		}
	}
	return report(os.Stdout, names, outcomes)
}

// measure runs one target through all phases, a crash included.
func measure(j job) (*outcome, error) {
	if err := os.Mkdir(j.Settings.Dir, 0o700); err != nil {
		return nil, err
	}
	var out outcome
	j.Role = "run"
	if err := answer(j, &out); err != nil {
		return nil, err
	}
	j.Role = "commit"
	cmd, err := command(j)
	if err != nil {
		return nil, err
	}
	if j.Acknowledged, err = crash(cmd); err != nil {
		return nil, err
	}
	j.Role = "reopen"
	return &out, answer(j, &out.Reopened)
}

// command returns the command that does j in a process of its own.
func command(j job) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	arg, err := json.Marshal(j)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "child", string(arg))
	cmd.Stderr = os.Stderr
	return cmd, nil
}

// answer does j in a process of its own and decodes what it measured.
func answer(j job, into any) error {
	cmd, err := command(j)
	if err != nil {
		return err
	}
	stdout, err := cmd.Output()
	if err != nil {
		return err
	}
	return json.Unmarshal(stdout, into)
}

// child does the job in arg.
func child(arg string) error {
	var j job
	if err := json.Unmarshal([]byte(arg), &j); err != nil {
		return err
	}
	var out any
	var err error
	switch j.Role {
	case "run":
		out, err = run(j.Target, j.Settings, j.Plan)
	case "commit":
		return commitForever(j.Target, j.Settings, j.Plan, os.Stdout)
	case "reopen":
		out, err = reopen(j.Target, j.Settings, j.Plan, j.Acknowledged)
	default:
		err = fmt.Errorf("unknown role %q", j.Role)
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "store:", err)
		os.Exit(1)
	}
}
