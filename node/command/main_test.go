package command

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/hallmark-ledger/hallmark/app/apptest"
)

// passphrase is that of every seal key here; making one takes less than half a
// second.
const passphrase = "a pass phrase of tests"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"hallmarkd": func() { os.Exit(Main()) }})
}

// The scripts in testdata are hallmarkd's commands as an operator types them.
// Each has ports of its own in the environment, and the file state.json, a
// genesis state without validators.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			for name, value := range environment() {
				env.Setenv(name, value)
			}
			return writeState(env.WorkDir)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"await": await},
	})
}

// environment is what sets a node apart from others on the machine.
func environment() map[string]string {
	return map[string]string{
		"HALLMARKD_PASSPHRASE": passphrase,
		"HALLMARKD_P2P_LISTEN": freeAddress(), "HALLMARKD_RPC_LISTEN": freeAddress(),
		"HALLMARKD_API_LISTEN": freeAddress(), "HALLMARKD_METRICS_LISTEN": freeAddress(),
		"HALLMARKD_CONSENSUS_TIMEOUT_COMMIT": "10ms", "HALLMARKD_CONSENSUS_HEARTBEAT": "1s",
		"HALLMARKD_CONSENSUS_TIMEOUT_PROPOSE": "200ms", "HALLMARKD_CONSENSUS_TIMEOUT_VOTE": "100ms",
	}
}

func writeState(dir string) error {
	raw, err := json.Marshal(apptest.Genesis(1, 0))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "state.json"), raw, 0o600)
}

// await waits until the node of the script has made its first block.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: await")
	}
	ts.Check(awaitHeight(ts.Getenv("HALLMARKD_API_LISTEN"), 1))
}

// awaitHeight waits until a node answers that it has a height.
func awaitHeight(address string, height uint64) error {
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		res, err := http.Get("http://" + address + "/v1/status")
		var s struct{ Height uint64 }
		if err == nil {
			err = json.NewDecoder(res.Body).Decode(&s)
			_ = res.Body.Close()
		}
		switch {
		case err == nil && s.Height >= height:
			return nil
		case time.Now().After(deadline):
			return fmt.Errorf("no height %d at %s: %d, %w", height, address, s.Height, err)
		}
	}
}

// ports counts upwards from below those that the system gives out by itself.
var ports atomic.Uint32

func init() { ports.Store(uint32(28000 + os.Getpid()%250*16)) }

// freeAddress returns an address that nobody listens on.
func freeAddress() string {
	for {
		address := fmt.Sprintf("127.0.0.1:%d", ports.Add(1))
		if l, err := net.Listen("tcp", address); err == nil {
			_ = l.Close()
			return address
		}
	}
}
