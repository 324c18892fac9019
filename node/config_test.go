package node_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/node"
)

// writeConfig makes a home with nothing but a configuration.
func writeConfig(t *testing.T, text string) string {
	t.Helper()
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "config"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "config", "hallmark.toml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return home
}

// The default file says what is so without it, has every key, and explains each
// in both languages.
func TestDefaultFile(t *testing.T) {
	t.Parallel()
	file := string(node.Default("/").TOML(false))
	home := writeConfig(t, file)
	loaded, plain := load(t, home), node.Default(home)
	sections := 0
	for i := range reflect.TypeFor[node.Config]().NumField() {
		section := reflect.TypeFor[node.Config]().Field(i)
		if section.Tag.Get("key") == "" {
			continue
		}
		sections++
		a, b := reflect.ValueOf(*loaded).Field(i), reflect.ValueOf(*plain).Field(i)
		for j := range section.Type.NumField() {
			f := section.Type.Field(j)
			key := f.Tag.Get("key")
			if x, y := a.Field(j).Interface(), b.Field(j).Interface(); !reflect.DeepEqual(x, y) && reflect.ValueOf(x).Kind() != reflect.Slice {
				t.Errorf("%s.%s is %v from the default file, %v by default", section.Name, key, x, y)
			}
			if loaded.Source(section.Tag.Get("key")+"."+key) == plain.Source(section.Tag.Get("key")+"."+key) {
				t.Errorf("%s.%s is not in the default file", section.Name, key)
			}
			if zh, en := f.Tag.Get("zh"), f.Tag.Get("en"); zh == "" || en == "" || !strings.Contains(file, "# "+zh+"\n# "+en+"\n") {
				t.Errorf("%s.%s is not explained in both languages", section.Name, key)
			}
		}
		if !strings.Contains(file, "\n["+section.Tag.Get("key")+"]\n") {
			t.Errorf("the file has no section %s", section.Name)
		}
	}
	if sections < 10 {
		t.Errorf("%d sections were looked at", sections)
	}
	if again := string(loaded.TOML(false)); again != file {
		t.Errorf("the file is written in another way after it was read:\n%s", again)
	}
}

func TestStrength(t *testing.T) {
	home := writeConfig(t, "[consensus]\nheartbeat = '11s'\ntimeout_commit = '12ms'\ntimeout_vote = '130ms'\n[log]\nmodules = ['p2p:error']\n")
	t.Setenv("HALLMARKD_CONSENSUS_TIMEOUT_COMMIT", "22ms")
	t.Setenv("HALLMARKD_CONSENSUS_TIMEOUT_VOTE", "230ms")
	t.Setenv("HALLMARKD_P2P_PEX", "false")
	t.Setenv("HALLMARKD_LOG_MODULES", "p2p:warn, rpc:error")
	c := load(t, home, "consensus.timeout_vote=330ms", "mempool.max_bytes=32MiB", "consensus.timeout_vote=331ms")
	if c.Consensus.Heartbeat != 11*time.Second || c.Consensus.TimeoutCommit != 22*time.Millisecond || c.Consensus.TimeoutVote != 331*time.Millisecond {
		t.Errorf("file, environment and flag: %+v", c.Consensus)
	}
	if c.P2P.Pex || c.Mempool.MaxBytes != 32<<20 || !reflect.DeepEqual(c.Log.Modules, []string{"p2p:warn", "rpc:error"}) {
		t.Errorf("%v %v %q", c.P2P.Pex, c.Mempool.MaxBytes, c.Log.Modules)
	}
	for key, source := range map[string]string{
		"consensus.heartbeat": "hallmark.toml", "consensus.timeout_commit": "HALLMARKD_CONSENSUS_TIMEOUT_COMMIT",
		"consensus.timeout_vote": "--set", "state.cache": "default",
	} {
		if got := c.Source(key); !strings.Contains(got, source) {
			t.Errorf("%s comes from %q, want %q", key, got, source)
		}
	}
	// What is printed loads again, to the same.
	for _, name := range []string{"CONSENSUS_TIMEOUT_COMMIT", "CONSENSUS_TIMEOUT_VOTE", "P2P_PEX", "LOG_MODULES"} {
		if err := os.Unsetenv("HALLMARKD_" + name); err != nil { // put back by Setenv
			t.Fatal(err)
		}
	}
	again := load(t, writeConfig(t, string(c.TOML(true))))
	if !reflect.DeepEqual(again.Consensus, c.Consensus) || !reflect.DeepEqual(again.Log, c.Log) {
		t.Errorf("%+v\n%+v", again, c)
	}
}

func TestUnknownKeys(t *testing.T) {
	for _, c := range []struct{ name, file, env, set, unknown, near string }{
		{name: "file", file: "[consensus]\nheartbeet = '1s'\n", unknown: "consensus.heartbeet", near: "consensus.heartbeat"},
		{name: "section", file: "[consensuss]\nheartbeat = '1s'\n", unknown: "consensuss.heartbeat", near: "consensus.heartbeat"},
		{name: "no section", file: "moniker = 'x'\n", unknown: "moniker", near: "nearest"},
		{name: "deep", file: "[p2p.listen]\naddress = 'x'\n", unknown: "p2p.listen.address", near: "p2p.listen"},
		{name: "environment", env: "HALLMARKD_P2P_LISTENS", unknown: "HALLMARKD_P2P_LISTENS", near: "HALLMARKD_P2P_LISTEN"},
		{name: "flag", set: "api.lisen=127.0.0.1:1", unknown: "api.lisen", near: "api.listen"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.env != "" {
				t.Setenv(c.env, "127.0.0.1:1")
			}
			var set []string
			if c.set != "" {
				set = []string{c.set}
			}
			_, err := node.Load(writeConfig(t, c.file), set...)
			says(t, err, node.ErrConfig, c.unknown, c.near)
		})
	}
}

// Every value that will not do is refused with its key and what to write.
func TestBadValues(t *testing.T) {
	t.Parallel()
	home := writeConfig(t, "")
	for set, hint := range map[string]string{
		"consensus.heartbeat=0s":                     "at least 1s",
		"consensus.heartbeat=30":                     "3s or 1h",
		"consensus.timeout_commit=2m":                "at most 1m",
		"mempool.max_bytes=12":                       "at least 16MiB",
		"mempool.max_bytes=64MB":                     "64MiB",
		"mempool.max_transactions=many":              "whole number",
		"state.retain_versions=0":                    "at least 1",
		"p2p.pex=perhaps":                            "true nor false",
		"p2p.listen=localhost:26656":                 "IP address",
		"p2p.listen=":                                "IP address",
		"api.listen=127.0.0.1:99999":                 "IP address",
		"p2p.external_address=tcp://x:1":             "host:port",
		"p2p.persistent_peers=10.0.0.1:26656":        "id@host:port",
		"p2p.private_peers=abc":                      "40 digits",
		"api.cors_origins=example.org":               "https://",
		"node.name=北京":                               "ASCII",
		"log.level=verbose":                          "debug, info",
		"log.modules=p2p":                            "module:level",
		"log.format=xml":                             "text or json",
		"node.stop_timeout=1ms":                      "at least 1s",
		"api.listen=127.0.0.1:26660":                 "another port",
		"api.listen=0.0.0.0:26660":                   "another port",
		"api.listen=[::]:26656":                      "another port",
		"mempool.max_transaction=16MiB,":             "64MiB",
		"p2p.seed_mode=true p2p.pex=false":           "p2p.pex = true",
		"p2p.seeds=" + strings.Repeat("a", 40) + "@": "id@host:port",
	} {
		sets := regexp.MustCompile(` p2p`).ReplaceAllString(set, "\x00p2p")
		_, err := node.Load(home, strings.Split(sets, "\x00")...)
		if err == nil {
			t.Errorf("%s is accepted", set)
			continue
		}
		says(t, err, node.ErrConfig, hint)
		if key, _, _ := strings.Cut(set, "="); !strings.Contains(err.Error(), key) {
			t.Errorf("%s is not named: %v", key, err)
		}
	}
	for _, file := range []string{"[p2p]\npex = 3\n", "[p2p]\nlisten = ['a']\n", "[p2p]\nseeds = [1]\n", "p2p = 1\n", "[p2p\n"} {
		if _, err := node.Load(writeConfig(t, file)); !errors.Is(err, node.ErrConfig) {
			t.Errorf("%q: %v", file, err)
		}
	}
	_, err := node.Load(filepath.Join(home, "config", "hallmark.toml")) // whose file is given for its folder
	if says(t, err, node.ErrHome, "not a directory"); err != nil && strings.Contains(err.Error(), "TOML") {
		t.Error(err)
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]node.Size{"0": 0, "12": 12, "1KiB": 1024, "3 GiB": 3 << 30, "1TiB": 1 << 40, "1025B": 1025} {
		got, err := node.ParseSize(text)
		if err != nil || got != want {
			t.Errorf("%s is %d (%v), want %d", text, got, err, want)
		}
		if again, err := node.ParseSize(got.String()); err != nil || again != got {
			t.Errorf("%d is written %s, which is read as %d (%v)", got, got, again, err)
		}
	}
	for _, text := range []string{"", "-1", "1.5GiB", "GiB", "9999999999GiB", "1MB", "0x10"} {
		if got, err := node.ParseSize(text); err == nil {
			t.Errorf("%q is %d", text, got)
		}
	}
}
