package cli

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/node"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

func TestMain(m *testing.M) {
	run := func() { os.Exit(Run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv)) }
	testscript.Main(m, map[string]func(){
		"hallmark": run,
		// offline is hallmark in a process that dies when it asks for a socket.
		"offline": func() {
			if err := forbidSockets(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(100)
			}
			run()
		},
	})
}

const passphrase = "a pass phrase of tests"

// Each script has a chain of its own with one real node, whose genesis is that of
// package apptest, and keys for each member: MACHINE/keys/DUTY.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			url, stop, err := startNode(filepath.Join(env.WorkDir, "node"))
			if err != nil {
				return err
			}
			env.Defer(stop)
			today := civil.DateOf(time.Now())
			env.Setenv("HALLMARK_NODES", url)
			env.Setenv("NODES", url)
			env.Setenv("HALLMARK_PASSPHRASE", passphrase)
			env.Setenv("LANG", "en_US.UTF-8")
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("CHAIN", apptest.Chain)
			env.Setenv("MAKER", apptest.Profile("maker").Uscc)
			env.Setenv("TODAY", today.String())
			env.Setenv("LATER", today.AddMonths(3).String())
			env.Setenv("EXPIRES", today.AddMonths(36).AddDays(-1).String())
			env.Setenv("NOW", time.Now().UTC().Format(time.RFC3339))
			env.Setenv("TOMORROW", time.Now().Add(24*time.Hour).UTC().Format(time.RFC3339))
			for _, name := range []string{"cqc/certifier", "cqc/approver"} {
				env.Setenv(strings.ToUpper(strings.ReplaceAll(name, "/", "_")), apptest.Key(name).Public().String())
			}
			return errors.Join(
				giveKeys(filepath.Join(env.WorkDir, "alice"), "cqc/certifier"),
				giveKeys(filepath.Join(env.WorkDir, "bob"), "cqc/approver"),
				giveKeys(filepath.Join(env.WorkDir, "office"), "cqc/admin/1", "cqc/admin/2", "cqc/operator"),
				giveKeys(filepath.Join(env.WorkDir, "cnca"), "cnca/approver", "cnca/admin/1"),
				giveKeys(filepath.Join(env.WorkDir, "beijing"), "samr-bj/approver"),
				giveKeys(filepath.Join(env.WorkDir, "guangdong"), "samr-gd/approver"),
				giveKeys(filepath.Join(env.WorkDir, "cnas"), "cnas/approver"),
				giveKeys(filepath.Join(env.WorkDir, "factory"), "maker/operator"),
			)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "expand": expand, "tamper": tamper, "twice": twice, "until": until},
	})
}

// exits CODE COMMAND... runs a command and wants its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGUMENT...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// until TEXT COMMAND... runs a command again until it prints the text.
func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: until TEXT COMMAND [ARGUMENT...]")
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if err := ts.Exec(args[1], args[2:]...); err != nil {
			ts.Logf("%v", err)
		}
		if strings.Contains(ts.ReadFile("stdout"), args[0]) {
			return
		}
	}
	ts.Fatalf("it never printed %q", args[0])
}

// expand FILE... puts the values of variables into files.
func expand(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(os.Expand(ts.ReadFile(name), ts.Getenv)), 0o644))
	}
}

// tamper FILE OLD NEW changes what the body of a prepared transaction says.
func tamper(ts *testscript.TestScript, _ bool, args []string) {
	var file map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &file))
	body, err := base64.StdEncoding.DecodeString(file["body"].(string))
	ts.Check(err)
	changed := bytes.Replace(body, []byte(args[1]), []byte(args[2]), 1)
	if bytes.Equal(body, changed) {
		ts.Fatalf("the body does not say %q", args[1])
	}
	file["body"] = changed
	raw, err := json.Marshal(file)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), raw, 0o644))
}

// twice FILE has the seal key of the node sign two statements of height 1, and
// writes the message that reports it.
func twice(ts *testscript.TestScript, _ bool, args []string) {
	key, err := keystore.Load(ts.MkAbs("node/config/seal_key.pem"), func(keystore.Request) ([]byte, error) { return []byte(passphrase), nil })
	ts.Check(err)
	report := api.ConflictReport{Message: api.ReportConflict{Key: key.Public().String()}}
	for i, to := range [][2]*string{{&report.Message.First, &report.Message.FirstSignature}, {&report.Message.Second, &report.Message.SecondSignature}} {
		st := seal.Statement{Chain: sm3.Sum([]byte(apptest.Chain)), Genesis: sm3.Hash{1}, AppVersion: 1, Height: 1, Block: [32]byte{byte(i)}, Set: sm3.Hash{1}}
		signature, err := key.Sign(context.Background(), st.Append(nil))
		ts.Check(err)
		*to[0], *to[1] = hex.EncodeToString(st.Append(nil)), hex.EncodeToString(signature[:])
	}
	raw, err := json.Marshal(report)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), raw, 0o644))
}

// giveKeys puts keys of apptest into the folder of a machine.
func giveKeys(machine string, names ...string) error {
	s := &session{keys: filepath.Join(machine, "keys"), getenv: os.Getenv}
	if err := os.MkdirAll(s.keys, 0o700); err != nil {
		return err
	}
	for _, name := range names {
		member, duty, _ := strings.Cut(name, "/")
		note := &keyNote{Name: strings.ReplaceAll(duty, "/", ""), Member: member, Duty: strings.TrimRight(duty, "/12"), Holder: strings.ReplaceAll(name, "/", ".")}
		key := apptest.Key(name)
		note.Key = key.Public().String()
		pass := func(keystore.Request) ([]byte, error) { return []byte(passphrase), nil }
		err := errors.Join(
			keystore.Create(filepath.Join(s.keys, note.Name+".pem"), key, pass, keystore.Options{Iterations: keystore.MinIterations}),
			prove(context.Background(), note, key, apptest.Chain),
			s.writeNote(note),
		)
		if err != nil {
			return err
		}
	}
	return nil
}

// startNode starts a chain of one validator and returns where its API is.
func startNode(home string, settings ...string) (url string, stop func(), err error) {
	listen, err := freeAddress()
	if err != nil {
		return "", nil, err
	}
	peers, err := freeAddress()
	if err != nil {
		return "", nil, err
	}
	if err := os.WriteFile(home+".pass", []byte(passphrase), 0o600); err != nil {
		return "", nil, err
	}
	_, err = node.InitHome(home, node.InitOptions{
		ChainID: apptest.Chain, Member: "cnca", Iterations: keystore.MinIterations, State: apptest.Genesis(1, 0),
		Passphrase: func(keystore.Request) ([]byte, error) { return []byte(passphrase), nil },
		Settings: append([]string{
			"node.name=val-00", "consensus.timeout_commit=10ms", "consensus.heartbeat=1s", "p2p.listen=" + peers,
			"rpc.listen=", "metrics.listen=", "api.listen=" + listen,
			"seal.passphrase_file=" + home + ".pass",
		}, settings...),
	})
	if err != nil {
		return "", nil, err
	}
	config, err := node.Load(home)
	if err != nil {
		return "", nil, err
	}
	n, err := node.New(context.Background(), config, slog.New(slog.DiscardHandler))
	if err != nil {
		return "", nil, err
	}
	if err := n.Start(); err != nil {
		return "", nil, errors.Join(err, n.Stop())
	}
	return "http://" + listen, func() {
		if err := n.Stop(); err != nil {
			panic(err)
		}
	}, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
