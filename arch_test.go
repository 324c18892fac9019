package hallmark_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/hallmark-ledger/hallmark"

// Below, a path that begins with a slash is of this repository: /crypto/sm3 is
// ours, crypto/subtle is the standard library's. A name covers what lies below
// it.

// folders lists every folder of the repository and what its code may import
// from the rest of it. The longest entry that a package lies in holds for it.
// "self" is the package's own folder of two elements, as /x/member.
var folders = []struct{ folder, may string }{
	{"/crypto", "/crypto"},
	{"/proto", "/proto"},
	{"/store", "/crypto /proto /store"},
	{"/store/proof", "/crypto/sm3"},
	{"/x", "/crypto /proto /store /x/tx /x/exec /x/civil self"},
	{"/app", "/crypto /proto /store /x /app"},
	{"/light", "/api /crypto /proto /store /x /light"}, // of store and x what needs no database; see reach
	{"/api", ""}, // types only
	{"/client", "/api /crypto /proto /x /client"},
	{"/evidence", "/api /crypto /proto /x /client /light /evidence"},
	{"/epcis", "/crypto /x/trace/gs1 /epcis"},
	{"/trace", "/api /crypto /proto /epcis /x /client /light /evidence /trace"},
	{"/cli", "/api /crypto /proto /store/proof /x /light /client /evidence /epcis /trace /cli"},
	{"/node", "/api /crypto /proto /store /x /app /light /node /web"},
	{"/cmd", "/node /testnet /cmd"},
	{"/cmd/hallmark", "/cli /cmd/hallmark"},
	{"/web", ""}, // pages for the browser, embedded
	{"/testnet", "/api /crypto /proto /store /x /app /light /node /client /evidence /epcis /trace /testnet"},

	// No code of this module.
	{"/bench", ""},
	{"/deploy", "/node/metrics"},
	{"/docs", ""},
	{"/scripts", ""},
	{"/tools", ""},
	{"/build", ""},
}

// libraries lists who alone may import a library directly. Tests may import any.
var libraries = []struct{ library, only string }{
	{"github.com/emmansun/gmsm", "/crypto/sm2 /crypto/sm3 /crypto/keystore /crypto/merkle"},
	{"github.com/tjfoc/gmsm", ""}, // what we cross-check against
	{"github.com/cockroachdb/pebble", "/store/engine /app/apptest /node/txindex /node/seal"}, // the latter three its file systems only
	{"github.com/syndtr/goleveldb", ""},
	{"github.com/cosmos/cosmos-db", "/store/engine /app /node /cmd/hallmarkd /testnet"},
	{"github.com/cometbft", "/app /light/connected /node /cmd/hallmarkd /testnet"},
	{"testing", "/store/storetest /app/apptest"},
}

// reach lists what a folder must not depend on, however indirectly.
var reach = []struct{ folder, not string }{
	{"/light", "/store/engine /app /node github.com/cosmos/cosmos-db github.com/cockroachdb/pebble"},
	{"/light/qr", "github.com/cometbft /light/connected"},
	{"/client", "/store/engine /app /node github.com/cometbft/cometbft github.com/cosmos/cosmos-db github.com/cockroachdb/pebble"},
	{"/evidence", "/store/engine /app /node github.com/cometbft/cometbft github.com/cosmos/cosmos-db github.com/cockroachdb/pebble"},
	{"/trace", "/store/engine /app /node github.com/cometbft/cometbft github.com/cosmos/cosmos-db github.com/cockroachdb/pebble"},
	{"/cli", "/store/engine /app /node github.com/cosmos/cosmos-db github.com/cockroachdb/pebble"},
	{"/cmd/hallmark", "/store/engine /app /node github.com/cosmos/cosmos-db github.com/cockroachdb/pebble"},
}

// pure lists folders and all that they may depend on, however indirectly,
// beside the standard library.
var pure = []struct{ folder, only string }{
	{"/store/proof", "/crypto/sm3 github.com/emmansun/gmsm golang.org/x/sys/cpu"},
	{"/web", ""},
	{"/epcis", "/crypto/sm3 /x/trace/gs1 github.com/emmansun/gmsm golang.org/x/sys/cpu"},
}

// offline are packages, without those below them, that must not depend on a
// network or CometBFT, however indirectly.
var offline = []struct{ path, not string }{
	{"/light", "net net/http github.com/cometbft /light/connected"},
}

// pkg is what `go list` says of a package, with module cut from the paths.
type pkg struct {
	ImportPath        string
	Dir               string
	Imports, Deps     []string
	GoFiles, CgoFiles []string
	Standard          bool
	Export            string // file with the types of the package
	Error             *struct{ Err string }
}

func TestImports(t *testing.T) {
	for _, p := range goList(t, "./...") {
		for _, complaint := range checkImports(p) {
			t.Error(complaint)
		}
	}
}

func TestFolders(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if _, ok := policyOf("/" + e.Name()); !ok {
			t.Errorf("%s/ is not in the table of folders: say what it may import", e.Name())
		}
	}
}

// checkImports returns how p breaks the tables above.
func checkImports(p *pkg) (complaints []string) {
	complain := func(format string, args ...any) {
		complaints = append(complaints, p.ImportPath+" "+fmt.Sprintf(format, args...))
	}
	may, ok := policyOf(p.ImportPath)
	if !ok && p.ImportPath != "" {
		complain("lies in a folder that is not in the table of folders")
		return complaints
	}
	may = strings.ReplaceAll(may, "self", self(p.ImportPath))
	for _, i := range p.Imports {
		if ours(i) && !in(i, may) {
			complain("may not import %s, only: %s", i, may)
		}
		if isTestHelper(i) && !isTestHelper(p.ImportPath) {
			complain("may import %s in its tests only", i)
		}
		for _, l := range libraries {
			if in(i, l.library) && !in(p.ImportPath, l.only) {
				complain("may not import %s; packages that may: %s", i, l.only)
			}
		}
	}
	for _, r := range reach {
		for _, d := range p.Deps {
			if in(p.ImportPath, r.folder) && in(d, r.not) {
				complain("depends on %s", d)
			}
		}
	}
	for _, r := range offline {
		for _, d := range p.Deps {
			if p.ImportPath == r.path && (slices.Contains(strings.Fields(r.not), d) || !standard(d) && in(d, r.not)) {
				complain("depends on %s", d)
			}
		}
	}
	for _, r := range pure {
		for _, d := range p.Deps {
			if in(p.ImportPath, r.folder) && !standard(d) && !in(d, r.only+" "+r.folder) {
				complain("depends on %s, but may only on: %s", d, r.only)
			}
		}
	}
	return complaints
}

// policyOf returns what the package at path may import.
func policyOf(path string) (may string, ok bool) {
	longest := -1
	for _, f := range folders {
		if in(path, f.folder) && len(f.folder) > longest {
			longest, may, ok = len(f.folder), f.may, true
		}
	}
	return may, ok
}

// in reports whether path is, or lies below, one of the folders named.
func in(path, names string) bool {
	return slices.ContainsFunc(strings.Fields(names), func(name string) bool {
		return path == name || strings.HasPrefix(path, name+"/")
	})
}

// self returns the first two elements of path: /x/member for /x/member/query.
func self(path string) string {
	parts := strings.Split(path, "/")
	return strings.Join(parts[:min(3, len(parts))], "/")
}

func ours(path string) bool { return strings.HasPrefix(path, "/") }

// standard reports whether path is of the standard library.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !ours(path) && !strings.Contains(first, ".")
}

// isTestHelper reports whether path is a package that helps tests: its last
// element ends in test.
func isTestHelper(path string) bool { return ours(path) && strings.HasSuffix(path, "test") }

// goList asks the go command about packages, with extra flags before them.
func goList(t *testing.T, args ...string) []*pkg {
	t.Helper()
	fields := "-json=ImportPath,Dir,Imports,Deps,GoFiles,CgoFiles,Standard,Export,Error"
	cmd := exec.Command("go", append([]string{"list", fields}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var pkgs []*pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(pkg)
		err := d.Decode(p)
		if errors.Is(err, io.EOF) {
			return pkgs
		}
		if err != nil {
			t.Fatal(err)
		}
		p.ImportPath = strings.TrimPrefix(p.ImportPath, module)
		for _, list := range [][]string{p.Imports, p.Deps} {
			for i := range list {
				list[i] = strings.TrimPrefix(list[i], module)
			}
		}
		pkgs = append(pkgs, p)
	}
}

// TestImportPolicyFires shows that each rule is able to find something.
func TestImportPolicyFires(t *testing.T) {
	for _, c := range []struct {
		path, imports, deps string
		want                string // part of the complaint, or empty for none
	}{
		{path: "/store/engine", imports: "/crypto/sm3 /store github.com/cockroachdb/pebble"},
		{path: "/x/member", imports: "/store /x/exec /x/member/types", deps: "/store /x/exec"},
		{path: "/app", imports: "/x/member github.com/cometbft/cometbft/abci/types"},

		{path: "/crypto/sm2", imports: "/store", want: "may not import /store"},
		{path: "/store", imports: "/x/member", want: "may not import /x/member"},
		{path: "/store/proof", imports: "/crypto/sm2", want: "may not import /crypto/sm2"},
		{path: "/x/member", imports: "/x/certificate", want: "may not import /x/certificate"},
		{path: "/x/member", imports: "/app", want: "may not import /app"},
		{path: "/app", imports: "/node", want: "may not import /node"},
		{path: "/light", imports: "/store"},
		{path: "/light", imports: "/store/engine", want: "depends on /store/engine", deps: "/store/engine"},
		{path: "/cmd/hallmark", imports: "/node", want: "may not import /node"},
		{path: "/lib/strings", want: "not in the table"},

		{path: "/crypto/sm2", imports: "github.com/tjfoc/gmsm/sm2", want: "may not import github.com/tjfoc"},
		{path: "/x/tx", imports: "github.com/emmansun/gmsm/sm2", want: "may not import github.com/emmansun"},
		{path: "/x/tx", imports: "testing", want: "may not import testing"},
		{path: "/x/tx", imports: "/store/storetest", want: "in its tests only"},

		{path: "/light", deps: "/store/engine", want: "depends on /store/engine"},
		{path: "/light", deps: "net/url crypto/subtle"},
		{path: "/light", deps: "net/http", want: "depends on net/http"},
		{path: "/light", deps: "github.com/cometbft/cometbft/light", want: "depends on github.com/cometbft"},
		{path: "/light/connected", imports: "github.com/cometbft/cometbft/light", deps: "net/http"},
		{path: "/cmd/hallmark", deps: "/app", want: "depends on /app"},
		{path: "/store/proof", deps: "github.com/cosmos/cosmos-db", want: "depends on github.com/cosmos/cosmos-db"},
		{path: "/store/proof", deps: "/store/engine", want: "depends on /store/engine"},
		{path: "/store/proof", deps: "fmt /crypto/sm3 github.com/emmansun/gmsm/sm3"},
	} {
		p := &pkg{ImportPath: c.path, Imports: strings.Fields(c.imports), Deps: strings.Fields(c.deps)}
		got := strings.Join(checkImports(p), "\n")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s imports %q, depends on %q: got %q, want %q", c.path, c.imports, c.deps, got, c.want)
		}
	}
}
