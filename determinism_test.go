package hallmark_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Everything in store, x and app is to give the same state on every node. The
// checker below reads their files, tests and the helpers of tests apart, and
// refuses:
//
//	map order    range over a map, maps.Keys/Values/All unless sorted at once,
//	             sync.Map, reflect's ways over a map
//	time         the clock, timers
//	randomness   math/rand, crypto/rand, hash/maphash
//	floats       any declared or converted value of a floating-point type
//	concurrency  go, WaitGroup.Go, errgroup, select; in x and app also sync and
//	             channels
//	environment  what the process or the machine says of itself
//
// A line that is in order in spite of a rule carries, on itself or on the line
// above, the comment
//
//	//determinism:ok <reason>
//
// A marker that allows nothing is refused as well.
const marker = "//determinism:ok"

// banned lists what may not be imported, or not be used of a package.
var banned = []struct{ pkg, names, rule string }{
	{"maps", "Keys Values All", "map order"},
	{"sync", "Map", "map order"},
	{"reflect", "MapRange MapKeys", "map order"},
	{"time", "Now Since Until Sleep After AfterFunc Tick NewTimer NewTicker", "time"},
	{"math/rand", "*", "randomness"},
	{"math/rand/v2", "*", "randomness"},
	{"crypto/rand", "*", "randomness"},
	{"hash/maphash", "*", "randomness"},
	{"sync", "Go", "concurrency"}, // of a WaitGroup
	{"golang.org/x/sync/errgroup", "*", "concurrency"},
	{"os", "Getenv LookupEnv Environ ExpandEnv Hostname Getpid Args", "environment"},
	{"runtime", "NumCPU GOMAXPROCS NumGoroutine", "environment"},
}

// bannedInHandlers lists what is banned in x and app only: the engine has locks.
var bannedInHandlers = []struct{ pkg, names, rule string }{
	{"sync", "*", "concurrency"},
	{"sync/atomic", "*", "concurrency"},
}

func TestDeterminism(t *testing.T) {
	var paths []string
	for _, p := range goList(t, "./...") {
		if in(p.ImportPath, "/store /x /app") && !isTestHelper(p.ImportPath) {
			paths = append(paths, module+p.ImportPath)
		}
	}
	if len(paths) == 0 {
		return
	}
	all := goList(t, append([]string{"-export", "-deps"}, paths...)...)
	fset := token.NewFileSet()
	imports := importerOf(fset, all)
	for _, p := range all {
		if !slices.Contains(paths, module+p.ImportPath) {
			continue
		}
		var files []*ast.File
		for _, name := range append(p.GoFiles, p.CgoFiles...) {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		complaints, err := checkDeterminism(fset, imports, module+p.ImportPath, files)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range complaints {
			t.Errorf("%s; if it cannot reach the state, say why: %s <reason>", c, marker)
		}
	}
}

// importerOf reads types from the export data that `go list -export` has named.
func importerOf(fset *token.FileSet, pkgs []*pkg) types.Importer {
	export := map[string]string{}
	for _, p := range pkgs {
		path := p.ImportPath
		if ours(path) {
			path = module + path
		}
		export[path] = p.Export
	}
	return importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		file, ok := export[path]
		if !ok {
			return nil, fmt.Errorf("no types of %s", path)
		}
		return os.Open(file)
	})
}

// checkDeterminism returns how the files of the package at path break the
// rules, in the order of their lines.
func checkDeterminism(fset *token.FileSet, imports types.Importer, path string, files []*ast.File) ([]string, error) {
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Defs:  map[*ast.Ident]types.Object{},
		Uses:  map[*ast.Ident]types.Object{},
	}
	config := types.Config{Importer: imports}
	if _, err := config.Check(path, fset, files, info); err != nil {
		return nil, err
	}
	c := &checker{
		fset:     fset,
		info:     info,
		handlers: in(strings.TrimPrefix(path, module), "/x /app"),
		sorted:   map[ast.Node]bool{},
	}
	for _, f := range files {
		c.collect(f)
		ast.Inspect(f, c.visit)
	}
	return c.complaints(), nil
}

// checker gathers what it finds in one package.
type checker struct {
	fset     *token.FileSet
	info     *types.Info
	handlers bool // in x or app
	found    []finding
	markers  []finding
	sorted   map[ast.Node]bool // the name in a call whose result is sorted at once
}

// finding is a rule broken on a line, or a marker.
type finding struct {
	file string
	line int
	what string
}

func (f finding) String() string { return fmt.Sprintf("%s:%d: %s", f.file, f.line, f.what) }

// allowedBy reports whether the marker m stands on the line of f or above it.
func (f finding) allowedBy(m finding) bool {
	return f.file == m.file && (f.line == m.line || f.line == m.line+1)
}

// collect takes the markers of f.
func (c *checker) collect(f *ast.File) {
	for _, group := range f.Comments {
		for _, comment := range group.List {
			reason, ok := strings.CutPrefix(comment.Text, marker)
			if ok && strings.TrimSpace(reason) == "" {
				c.report(comment, "marker without a reason")
			} else if ok {
				c.markers = append(c.markers, c.at(comment, "marker that allows nothing"))
			}
		}
	}
}

func (c *checker) at(n ast.Node, what string) finding {
	p := c.fset.Position(n.Pos())
	return finding{p.Filename, p.Line, what}
}

func (c *checker) report(n ast.Node, rule string) { c.found = append(c.found, c.at(n, rule)) }

// visit applies every rule to n.
func (c *checker) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec:
		path := strings.Trim(n.Path.Value, `"`)
		c.banned(n, path, "*")
	case *ast.RangeStmt:
		if overMap(c.info.TypeOf(n.X)) {
			c.report(n, "map order")
		}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.SelectorExpr); ok && len(n.Args) > 0 && strings.HasPrefix(f.Sel.Name, "Sorted") {
			if o := c.info.Uses[f.Sel]; o != nil && o.Pkg() != nil && o.Pkg().Path() == "slices" {
				c.sort(n.Args[0])
			}
		}
	case *ast.GoStmt, *ast.SelectStmt:
		c.report(n, "concurrency")
	case *ast.ChanType:
		if c.handlers {
			c.report(n, "concurrency")
		}
	case *ast.Ident:
		c.use(n)
	}
	if e, ok := n.(ast.Expr); ok {
		if t := c.info.Types[e]; isFloat(t.Type) {
			c.report(n, "floats")
		}
	}
	return true
}

// use applies the rules for names to an identifier.
func (c *checker) use(n *ast.Ident) {
	if o := c.info.Defs[n]; o != nil && isFloat(o.Type()) {
		c.report(n, "floats")
	}
	o := c.info.Uses[n]
	if o == nil || o.Pkg() == nil || c.sorted[n] {
		return
	}
	if _, ok := o.(*types.PkgName); !ok {
		c.banned(n, o.Pkg().Path(), o.Name())
	}
}

// banned reports n if it is the use of a banned name, or the import ("*") of a
// package that is banned as a whole.
func (c *checker) banned(n ast.Node, pkg, name string) {
	list := banned
	if c.handlers {
		list = slices.Concat(banned, bannedInHandlers)
	}
	for _, b := range list {
		if b.pkg == pkg && slices.Contains(strings.Fields(b.names), name) {
			c.report(n, b.rule)
		}
	}
}

// sort notes that e, an argument of slices.Sorted, may be maps.Keys(…) or
// maps.Values(…).
func (c *checker) sort(e ast.Expr) {
	if call, ok := e.(*ast.CallExpr); ok {
		if f, ok := call.Fun.(*ast.SelectorExpr); ok {
			c.sorted[f.Sel] = true
		}
	}
}

// complaints returns what was found on lines without a marker, and the markers
// that were of no use.
func (c *checker) complaints() (out []string) {
	for _, f := range c.found {
		if !slices.ContainsFunc(c.markers, f.allowedBy) {
			out = append(out, f.String())
		}
	}
	for _, m := range c.markers {
		if !slices.ContainsFunc(c.found, func(f finding) bool { return f.allowedBy(m) }) {
			out = append(out, m.String())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// overMap reports whether a range over a value of type t goes by map order.
func overMap(t types.Type) bool {
	if t == nil {
		return false
	}
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		t = p.Constraint()
	}
	switch u := t.Underlying().(type) {
	case *types.Map:
		return true
	case *types.Interface: // of a type parameter
		for i := range u.NumEmbeddeds() {
			if union, ok := u.EmbeddedType(i).(*types.Union); ok {
				for j := range union.Len() {
					if overMap(union.Term(j).Type()) {
						return true
					}
				}
			} else if overMap(u.EmbeddedType(i)) {
				return true
			}
		}
	}
	return false
}

// isFloat reports whether t is a floating-point or complex type. Constants
// without a type are exact, and none.
func isFloat(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsFloat|types.IsComplex) != 0 && b.Info()&types.IsUntyped == 0
}

// TestDeterminismFires shows that each rule finds what it is for, and that a
// marker allows it.
func TestDeterminismFires(t *testing.T) {
	fset := token.NewFileSet()
	imports := importerOf(fset, goList(t, "-export", "-deps",
		"maps", "slices", "sync", "reflect", "time", "math/rand/v2", "crypto/rand", "hash/maphash", "os", "runtime"))
	check := func(t *testing.T, path, source string) []string {
		t.Helper()
		f, err := parser.ParseFile(fset, "bad.go", source, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		complaints, err := checkDeterminism(fset, imports, module+path, []*ast.File{f})
		if err != nil {
			t.Fatal(err)
		}
		return complaints
	}
	for _, c := range []struct{ in, rule, source string }{
		{"/x/m", "map order", "func f(m map[int]int) { for range m {} }"},
		{"/x/m", "map order", "type set map[int]int; func f(m set) { for range m {} }"},
		{"/x/m", "map order", "func f[M ~map[int]int](m M) { for range m {} }"},
		{"/x/m", "map order", `import "maps"; func f(m map[int]int) { for range maps.Keys(m) {} }`},
		{"/x/m", "map order", `import ("maps"; "slices"); func f(m map[int]int) []int { return slices.Collect(maps.Values(m)) }`},
		{"/store", "map order", `import "sync"; var m sync.Map`},
		{"/x/m", "map order", `import "reflect"; func f(v reflect.Value) { v.MapKeys() }`},
		{"/x/m", "time", `import "time"; func f() time.Time { return time.Now() }`},
		{"/x/m", "time", `import . "time"; func f() { Sleep(1) }`},
		{"/x/m", "time", `import "time"; var now = time.Now`},
		{"/x/m", "randomness", `import "math/rand/v2"; func f() int { return rand.Int() }`},
		{"/x/m", "randomness", `import _ "crypto/rand"`},
		{"/store", "randomness", `import "hash/maphash"; var s maphash.Seed`},
		{"/x/m", "floats", "var f float64"},
		{"/x/m", "floats", "func f(a, b int) int { return int(float64(a) / float64(b)) }"},
		{"/x/m", "floats", "func f() { x := 0.5; _ = x }"},
		{"/store", "concurrency", "func f() { go f() }"},
		{"/store", "concurrency", `import "sync"; func f() { var wg sync.WaitGroup; wg.Go(f) }`},
		{"/x/m", "concurrency", "func f() { select {} }"},
		{"/x/m", "concurrency", "var c chan int"},
		{"/app", "concurrency", `import "sync"; var mu sync.Mutex`},
		{"/x/m", "environment", `import "os"; func f() string { return os.Getenv("A") }`},
		{"/x/m", "environment", `import "runtime"; func f() int { return runtime.NumCPU() }`},
		{"/x/m", "marker without a reason", "func f(m map[int]int) {\n" + marker + "\nfor range m {} }"},
		{"/x/m", "marker that allows nothing", marker + " for no reason\nvar a int"},

		{"/x/m", "", "func f(s []int) { for range s {} }"},
		{"/x/m", "", `import ("maps"; "slices"); func f(m map[int]int) []int { return slices.Sorted(maps.Keys(m)) }`},
		{"/store", "", `import "sync"; var mu sync.Mutex`},
		{"/x/m", "", `import "time"; func f(t time.Time) time.Time { return t.Add(time.Second) }`},
		{"/x/m", "", "const third = 1.0 / 3; var n = int(third * 3e6)"},
		{"/x/m", "", "func f(m map[int]int) {\n" + marker + " counts only\nfor range m {} }"},
		{"/x/m", "", "func f(m map[int]int) {\nfor range m { " + marker + " counts only\n} }"},
	} {
		got := strings.Join(check(t, c.in, "package m; "+c.source), "\n")
		if c.rule == "" && got != "" || !strings.Contains(got, c.rule) {
			t.Errorf("%s in %s: got %q, want %q", c.source, c.in, got, c.rule)
		}
	}
}
