package node

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
)

// A store that can no longer be written ends the node, with the reason. Started
// again, it goes on.
func TestStoreFault(t *testing.T) {
	t.Parallel()
	home := filepath.Join(t.TempDir(), "home")
	_, err := InitHome(home, InitOptions{
		ChainID: apptest.Chain, Member: "cnca", Iterations: keystore.MinIterations, State: apptest.Genesis(1, 0),
		Passphrase: func(keystore.Request) ([]byte, error) { return []byte("a pass phrase of tests"), nil },
		Settings: []string{
			"consensus.timeout_commit=10ms", "consensus.heartbeat=1s",
			"p2p.listen=127.0.0.1:11981", "rpc.listen=127.0.0.1:11982", "api.listen=", "metrics.listen=",
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := Load(home)
	if err != nil {
		t.Fatal(err)
	}
	for _, faulty := range []bool{true, false} {
		n, err := New(t.Context(), c, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		news, stop := n.Notify()
		defer stop()
		if err := n.Start(); err != nil {
			t.Fatal(err, n.Stop())
		}
		<-news
		if faulty {
			if err := n.db.Close(); err != nil {
				t.Fatal(err)
			}
			<-n.Failed()
		} else {
			<-news
		}
		err = n.Stop()
		if faulty && (!errors.Is(err, ErrFault) || !strings.Contains(err.Error(), "store is closed")) {
			t.Errorf("the reason is not told: %v", err)
		}
		if !faulty && err != nil {
			t.Error(err)
		}
	}
}

// A program that lacks the rules of the next block says that it is to be
// replaced, not that something is broken.
func TestUpgradeIsNoFault(t *testing.T) {
	t.Parallel()
	err := blockTrouble(7, fmt.Errorf("app: block 7: %w: height 7 has version 2", app.ErrUpgrade))
	if !errors.Is(err, ErrUpgrade) || errors.Is(err, ErrFault) || !errors.Is(err, app.ErrUpgrade) || !strings.Contains(err.Error(), "请安装") {
		t.Error(err)
	}
}
