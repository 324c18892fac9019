package sm3_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoKdf keeps gmsm's faulty sm3.Kdf (see the package comment), and the
// packages whose exported functions end in it, out of crypto/. Tests may use
// what they like.
func TestNoKdf(t *testing.T) {
	refused := map[string]string{
		"github.com/emmansun/gmsm/kdf": "",
		"github.com/emmansun/gmsm/sm3": "Kdf",
	}
	err := filepath.WalkDir("..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return nil // another package's fault, which its own build reports
		}
		for _, spec := range file.Imports {
			imported := strings.Trim(spec.Path.Value, `"`)
			name, watched := refused[imported]
			if watched && (name == "" || mentions(file, name)) {
				t.Errorf("%s uses %s.%s, whose output is wrong for some lengths: write the loop of GB/T 32918.4 §5.4.3 with sm3.New", path, imported, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func mentions(file *ast.File, name string) (found bool) {
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == name {
			found = true
		}
		return true
	})
	return found
}
