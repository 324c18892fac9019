package trace

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	xtrace "github.com/hallmark-ledger/hallmark/x/trace"
	"github.com/hallmark-ledger/hallmark/x/trace/gs1"
)

// Row is a product in a file: a line of JSON Lines, or a row of CSV with these names
// as its header, lists separated by semicolons.
type Row struct {
	URI          string   `json:"uri"` // any spelling that names the product
	NameZh       string   `json:"name_zh,omitempty"`
	NameEn       string   `json:"name_en,omitempty"`
	Certificates []string `json:"certificates,omitempty"` // ISSUER/NUMBER
	Reporters    []string `json:"reporters,omitempty"`
}

// Product is the product that a row says, under its canonical URI.
func (r *Row) Product() (*xtrace.Product, error) {
	name, err := gs1.NameProduct(strings.TrimSpace(r.URI))
	if err != nil {
		return nil, fmt.Errorf("the product %q: %w", r.URI, err)
	}
	p := &xtrace.Product{URI: name.String(), NameZh: r.NameZh, NameEn: r.NameEn, Reporters: ascending(r.Reporters)}
	if p.Certificates, err = ParseRefs(r.Certificates); err != nil {
		return nil, err
	}
	return p, nil
}

// ParseRefs reads certificates, each as ISSUER/NUMBER; numbers have slashes too.
func ParseRefs(list []string) (refs []xtrace.Ref, err error) {
	for _, s := range list {
		issuer, number, ok := strings.Cut(strings.TrimSpace(s), "/")
		if !ok || issuer == "" || number == "" {
			return nil, fmt.Errorf("%q is not a certificate as ISSUER/NUMBER", s)
		}
		refs = append(refs, xtrace.Ref{Issuer: issuer, Number: number})
	}
	return refs, nil
}

// maxRows is how many products a file has at most.
const maxRows = 1_000_000

// ReadProducts reads products from JSON Lines, which begin with {, or CSV with a
// header. The error names the line.
func ReadProducts(in io.Reader) ([]*xtrace.Product, error) {
	b := bufio.NewReader(in)
	for {
		c, err := b.ReadByte()
		if err != nil {
			return nil, errors.New("there is no product in it")
		}
		if bytes.IndexByte([]byte(" \t\r\n\xef\xbb\xbf"), c) >= 0 {
			continue
		}
		if err := b.UnreadByte(); err != nil {
			return nil, err //nolint:wrapcheck // never after ReadByte
		}
		if c == '{' {
			return readJSON(b)
		}
		return readCSV(b)
	}
}

func readJSON(in io.Reader) (list []*xtrace.Product, err error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var r Row
		d := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		d.DisallowUnknownFields()
		if err := d.Decode(&r); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if list, err = add(list, &r, n); err != nil {
			return nil, err
		}
	}
	return list, lines.Err() //nolint:wrapcheck // of the file
}

func readCSV(in io.Reader) (list []*xtrace.Product, err error) {
	rows := csv.NewReader(in)
	head, err := rows.Read()
	if err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	known := []string{"uri", "name_zh", "name_en", "certificates", "reporters"}
	for _, name := range head {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("line 1: there is no column %q: %s", name, strings.Join(known, ", "))
		}
	}
	for {
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err //nolint:wrapcheck // it names the line
		}
		var r Row
		for i, name := range head {
			switch name {
			case "uri":
				r.URI = cells[i]
			case "name_zh":
				r.NameZh = cells[i]
			case "name_en":
				r.NameEn = cells[i]
			case "certificates":
				r.Certificates = listOf(cells[i])
			case "reporters":
				r.Reporters = listOf(cells[i])
			}
		}
		n, _ := rows.FieldPos(0)
		if list, err = add(list, &r, n); err != nil {
			return nil, err
		}
	}
}

func listOf(cell string) (list []string) {
	for _, s := range strings.Split(cell, ";") {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, s)
		}
	}
	return list
}

func add(list []*xtrace.Product, r *Row, line int) ([]*xtrace.Product, error) {
	if len(list) == maxRows {
		return nil, fmt.Errorf("line %d: more than %d products; divide the file", line, maxRows)
	}
	p, err := r.Product()
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", line, err)
	}
	return append(list, p), nil
}
