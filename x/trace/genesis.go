package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/store"
)

// Genesis is the state of the module as JSON. A chain that starts anew has none of
// it. What follows from the chains is left out: records, indexes.
type Genesis struct {
	// Products by URI.
	Products []GenesisProduct `json:"products"`
}

// GenesisProduct is one product. Its entries, from the first, are the message Entry
// of hallmark.trace.v1 in the JSON form of protobuf: bytes are base64, numbers of
// 64 bits are text.
type GenesisProduct struct {
	Entries []json.RawMessage `json:"entries"`
	Uses    []GenesisUse      `json:"uses,omitempty"` // from the first
}

// GenesisUse is a Use.
type GenesisUse struct {
	By    string `json:"by"`    // URI of the product whose chain names it
	Entry uint64 `json:"entry"` // of that chain
}

// InitGenesis writes g to an empty state. Its errors say what to correct.
func (m *Module) InitGenesis(rw store.ReadWriter, g *Genesis) error {
	for i := range g.Products {
		if err := g.Products[i].init(rw); err != nil {
			return fmt.Errorf("trace genesis: product %d: %w", i, err)
		}
	}
	if err := m.Check(rw); err != nil {
		return fmt.Errorf("trace genesis: %w", err)
	}
	return nil
}

func (g *GenesisProduct) init(rw store.ReadWriter) error {
	var p *Product
	for i, raw := range g.Entries {
		b, err := entryFromJSON(raw)
		if err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
		e, err := DecodeEntry(b)
		if err == nil {
			p, err = p.with(e, b)
		}
		if err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
		if err := rw.Set(EntryKey(p.URI, e.N), b); err != nil {
			return err
		}
		if e.Event != nil {
			if err := hashes.Set(rw, occurrence{e.Event.Hash, p.URI}, e.N); err != nil {
				return err
			}
		}
	}
	if p == nil {
		return errors.New("there is no entry")
	}
	if known, err := products.Has(rw, p.URI); err != nil || known {
		return errors.Join(err, fmt.Errorf("%s is listed twice", p.URI))
	}
	for i, u := range g.Uses {
		if err := uses.Set(rw, numbered{p.URI, uint64(i) + 1}, Use{u.By, u.Entry}); err != nil {
			return err
		}
	}
	p.Uses = uint64(len(g.Uses))
	if err := products.Set(rw, p.URI, p); err != nil {
		return err
	}
	return p.index(rw)
}

// index writes what lists a product.
func (p *Product) index(w store.Writer) error {
	if err := owned.Set(w, ownership{p.Owner, p.URI}, struct{}{}); err != nil {
		return err
	}
	for _, ref := range p.Certificates {
		if err := reliant.Set(w, reliance{ref, p.URI}, struct{}{}); err != nil {
			return err
		}
	}
	return nil
}

// ExportGenesis returns what InitGenesis makes the same state from.
func (m *Module) ExportGenesis(r store.Reader) (*Genesis, error) {
	g := &Genesis{Products: []GenesisProduct{}}
	err := products.Scan(r, func(_ string, p *Product) (bool, error) {
		j, err := p.export(r)
		g.Products = append(g.Products, j)
		return true, err
	})
	return g, err
}

func (p *Product) export(r store.Reader) (j GenesisProduct, err error) {
	for n := uint64(1); n <= p.Entries; n++ {
		b, _, err := r.Get(EntryKey(p.URI, n))
		if err != nil {
			return j, err
		}
		raw, err := entryToJSON(b)
		if err != nil {
			return j, err
		}
		j.Entries = append(j.Entries, raw)
	}
	for k := uint64(1); k <= p.Uses; k++ {
		u, _, err := uses.Get(r, numbered{p.URI, k})
		if err != nil {
			return j, err
		}
		j.Uses = append(j.Uses, GenesisUse{u.By, u.N})
	}
	return j, nil
}

// entryToJSON writes an encoded entry as JSON.
func entryToJSON(b []byte) (json.RawMessage, error) {
	m := &tracev1.Entry{}
	if err := proto.Unmarshal(b, m); err != nil {
		return nil, err
	}
	j, err := protojson.Marshal(m)
	if err != nil {
		return nil, err
	}
	var compact bytes.Buffer // protojson spaces its output at random
	err = json.Compact(&compact, j)
	return compact.Bytes(), err
}

// entryFromJSON is the other way.
func entryFromJSON(raw json.RawMessage) ([]byte, error) {
	m := &tracev1.Entry{}
	if err := protojson.Unmarshal(raw, m); err != nil {
		return nil, err
	}
	return encode(m), nil
}
