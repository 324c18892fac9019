package testnet

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
)

// Up makes a network in a folder, empty or not there yet, and starts its
// validators. The caller closes it. env has what hallmark reads from the
// environment to use it, as NAME=value: the addresses of the validators, the
// folder with the members' keys, and their pass phrase.
//
//	net, env, err := testnet.Up(ctx, dir, generate.Options{}, runner.Options{})
//	defer net.Close()
func Up(ctx context.Context, dir string, g generate.Options, r runner.Options) (net *runner.Network, env []string, err error) {
	summary, err := generate.Create(ctx, dir, g)
	if err != nil {
		return nil, nil, err
	}
	if net, err = runner.New(ctx, summary, r); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, time.Minute, errors.New("the validators did not start within a minute"))
	defer cancel()
	if err := net.Start(ctx); err != nil {
		return nil, nil, errors.Join(err, net.Close())
	}
	return net, []string{
		"HALLMARK_NODES=" + strings.Join(net.URLs(), ","),
		"HALLMARK_KEYS=" + summary.Path(summary.Keys),
		"HALLMARK_PASSPHRASE=" + generate.Passphrase,
	}, nil
}
