package app

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// TestGenesisDocs holds docs/genesis.md to the types: every member of the JSON is
// named there.
func TestGenesisDocs(t *testing.T) {
	text, err := os.ReadFile("../docs/genesis.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array:
			walk(typ.Elem())
		case reflect.Struct:
			if seen[typ] || !strings.Contains(typ.PkgPath(), "hallmark") {
				return
			}
			seen[typ] = true
			for i := range typ.NumField() {
				f := typ.Field(i)
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				if name == "-" || !f.IsExported() {
					continue
				}
				if name != "" && typ.Name() != "GenesisConflict" && typ.Name() != "GenesisClose" && typ.Name() != "Threshold" &&
					!strings.Contains(string(text), "`"+name+"`") {
					t.Errorf("docs/genesis.md does not name %s of %s", name, typ)
				}
				walk(f.Type)
			}
		}
	}
	walk(reflect.TypeFor[Genesis]())
	if len(seen) < 20 {
		t.Errorf("only %d types were looked at", len(seen))
	}
}
