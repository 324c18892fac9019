// Command app measures the ledger's application: blocks of certificates over a
// state that holds a million of them, with the store on disk and fsync, beside
// the time that the same signatures take alone; and the suspension of 8,756
// certificates at once. README.md says what is measured and how to read it.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
)

// plan is how much is done.
type plan struct {
	Certificates int // that exist before anything is measured
	Singles      int // transactions of one record in a block
	Bulks        int // transactions of recordsPerBulk in a block
	Blocks       int // of each kind and way
	PowerBanks   int // certificates suspended at once
}

// recordsPerBulk is the number of records of a large transaction.
const recordsPerBulk = 100

func main() {
	p := plan{Singles: 2000, Bulks: 100}
	flag.IntVar(&p.Certificates, "certificates", 1_000_000, "certificates that exist before anything is measured")
	flag.IntVar(&p.Blocks, "blocks", 3, "blocks measured of each kind and way")
	flag.IntVar(&p.PowerBanks, "powerbanks", 8756, "certificates of the power-bank case")
	only := flag.String("case", "all", "what to run: throughput, powerbank, node or all")
	state := flag.String("state", "", "directory of a state to go on with, made if it is not there, and kept; a disk, not a RAM disk (default: a temporary one)")
	profile := flag.String("cpuprofile", "", "write a profile of what is measured, without the building, to this file")
	quick := flag.Bool("quick", false, "a small run that shows only that everything works")
	flag.Parse()
	if *quick {
		p = plan{Certificates: 2000, Singles: 50, Bulks: 2, Blocks: 1, PowerBanks: 200}
	}
	if err := run(p, *only, *state, *profile); err != nil {
		fmt.Fprintln(os.Stderr, "app:", err)
		os.Exit(1)
	}
}

// run runs the cases that are asked for.
func run(p plan, only, state, profile string) (err error) {
	fmt.Printf("%s, %s/%s, GOMAXPROCS %d\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
	if only == "node" {
		return nodeCase(p, os.Stdout)
	}
	if only != "all" && only != "throughput" && only != "powerbank" {
		return fmt.Errorf("unknown case %q", only)
	}
	c, done, err := openIn(state)
	if err != nil {
		return err
	}
	defer func() {
		if e := done(); err == nil {
			err = e
		}
	}()
	if err := c.grow(p.Certificates, os.Stdout); err != nil {
		return err
	}
	stop, err := startProfile(profile)
	if err != nil {
		return err
	}
	defer stop()
	if only != "throughput" {
		if err := powerBankCase(c, p, os.Stdout); err != nil {
			return err
		}
	}
	if only == "all" {
		if err := nodeCase(p, os.Stdout); err != nil {
			return err
		}
	}
	if only != "powerbank" {
		return throughputCase(c, p, os.Stdout)
	}
	return nil
}

// openIn opens the chain in dir, or in a temporary directory that done removes.
func openIn(dir string) (c *chain, done func() error, err error) {
	remove := func() error { return nil }
	if dir == "" {
		if dir, err = os.MkdirTemp("", "hallmark-bench-app-"); err != nil {
			return nil, nil, err
		}
		remove = func() error { return os.RemoveAll(dir) }
	}
	if c, err = openChain(dir); err != nil {
		_ = remove()
		return nil, nil, err
	}
	return c, func() error {
		err := c.db.Close()
		if e := remove(); err == nil {
			err = e
		}
		return err
	}, nil
}

// startProfile profiles the processor until stop, if a file is named.
func startProfile(name string) (stop func(), err error) {
	if name == "" {
		return func() {}, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close()
	}, nil
}
