package testnet

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/node"
)

// asSealNode makes the test binary behave as hallmarkd start, with seal keys that
// a test can make ill while the node runs.
const asSealNode = "TEST_AS_SEAL_NODE"

// illness is what the file says that makes the keys of a home ill.
type illness string

const (
	well    illness = ""
	dead    illness = "dead"    // the device does not answer
	hanging illness = "hanging" // it does not come back while it is so
	wrong   illness = "wrong"   // it signs with another key
)

func illFile(home string) string { return filepath.Join(home, "ill") }

// makeIll makes the seal keys of a home ill, or well again.
func makeIll(home string, how illness) error { return os.WriteFile(illFile(home), []byte(how), 0o600) }

// fickle is a seal key that is as well as its file says.
type fickle struct {
	sm2.Signer
	file  string
	other sm2.Signer
}

func (f fickle) Sign(ctx context.Context, message []byte) (sm2.Signature, error) {
	how, err := os.ReadFile(f.file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return sm2.Signature{}, err
	}
	switch illness(how) {
	case well:
		return f.Signer.Sign(ctx, message)
	case dead:
		return sm2.Signature{}, errors.New("the device is gone")
	case hanging:
		for illness(how) == hanging { // whatever ctx says
			time.Sleep(50 * time.Millisecond)
			how, _ = os.ReadFile(f.file)
		}
		return sm2.Signature{}, errors.New("it hung")
	case wrong:
		return f.other.Sign(ctx, message)
	}
	return sm2.Signature{}, fmt.Errorf("%s says %q", f.file, how)
}

// sealNodeMain is start of hallmarkd with fickle keys: --home DIR, --set KEY=VALUE.
func sealNodeMain() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	flags := flag.NewFlagSet("start", flag.ContinueOnError)
	home := flags.String("home", "", "")
	var set []string
	flags.Func("set", "", func(s string) error { set = append(set, s); return nil })
	if err := flags.Parse(os.Args[2:]); err != nil { // after start
		return err
	}
	config, err := node.Load(*home, set...)
	if err != nil {
		return err
	}
	files, err := config.SealKeyFiles()
	if err != nil {
		return err
	}
	other, err := sm2.Generate(nil)
	if err != nil {
		return err
	}
	var keys []sm2.Signer
	for _, file := range files {
		key, err := keystore.Load(file, keystore.FromFile(config.Seal.PassphraseFile))
		if err != nil {
			return err
		}
		keys = append(keys, fickle{key, illFile(*home), other})
	}
	// The node itself opens none.
	if config, err = node.Load(*home, append(set, "seal.passphrase_file=")...); err != nil {
		return err
	}
	n, err := node.New(ctx, config, config.Logger(os.Stderr), node.SealKeys(keys...))
	if err != nil {
		return err
	}
	if err := n.Start(); err != nil && ctx.Err() == nil {
		return errors.Join(err, n.Stop())
	}
	select {
	case <-ctx.Done():
	case <-n.Failed():
	}
	return n.Stop()
}
