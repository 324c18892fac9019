package certificate

import (
	"encoding/json"
	"fmt"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// Genesis is the state of the module as JSON. A chain that starts anew has none
// of it. What follows from the certificates is left out: heads, indexes, bars,
// the queue.
type Genesis struct {
	// Certificates by issuer, then number.
	Certificates []GenesisCertificate `json:"certificates"`
	Imports      []GenesisImports     `json:"imports,omitempty"`
	Releases     []GenesisRelease     `json:"releases,omitempty"`
}

// GenesisCertificate is one certificate. Details and records are the messages
// Details and Record of hallmark.certificate.v1 in the JSON form of protobuf:
// dates are days since 1970-01-01, bytes base64.
type GenesisCertificate struct {
	Details json.RawMessage   `json:"details"`           // the present ones
	Former  []json.RawMessage `json:"former,omitempty"`  // details of the versions before, from the first
	Records []json.RawMessage `json:"records"`           // the history, from the first
	Orders  []GenesisOrder    `json:"orders,omitempty"`  // by record
	Flags   []string          `json:"flagged,omitempty"` // members that warn of it, ascending
}

// GenesisOrder is an Order. Dates are written as 2017-12-01.
type GenesisOrder struct {
	Record  uint32 `json:"record"` // that filed it
	Member  string `json:"member"`
	Filed   string `json:"filed"`
	Due     string `json:"due"`
	Overdue bool   `json:"overdue,omitempty"`
	Closed  uint32 `json:"closed,omitempty"` // the record that closed it
}

// GenesisImports is how many certificates a member has imported in a window.
type GenesisImports struct {
	Member string `json:"member"`
	Window uint64 `json:"window"`
	Count  uint64 `json:"count"`
}

// GenesisRelease is a Release.
type GenesisRelease struct {
	Issuer   string `json:"issuer"`   // approval number of the body that has ended
	Receiver string `json:"receiver"` // member id
	Until    string `json:"until"`    // the last day
	Height   uint64 `json:"height"`
	Tx       string `json:"tx"` // hexadecimal
}

// InitGenesis writes g to an empty state. Its errors say what to correct.
func (m *Module) InitGenesis(rw store.ReadWriter, g *Genesis) error {
	for i := range g.Certificates {
		c, err := g.Certificates[i].decode()
		if err == nil {
			err = c.init(rw)
		}
		if err != nil {
			return fmt.Errorf("certificate genesis: certificate %d: %w", i, err)
		}
	}
	for i, v := range g.Imports {
		if v.Member == "" || v.Count == 0 {
			return fmt.Errorf("certificate genesis: imports %d: member or count missing", i)
		}
		if err := imports.Set(rw, window{v.Member, v.Window}, v.Count); err != nil {
			return err
		}
	}
	for i, v := range g.Releases {
		release, err := v.decode()
		if err != nil {
			return fmt.Errorf("certificate genesis: release %d: %w", i, err)
		}
		if err := releases.Set(rw, takeover{v.Issuer, v.Receiver}, release); err != nil {
			return err
		}
	}
	if err := m.Check(rw); err != nil {
		return fmt.Errorf("certificate genesis: %w", err)
	}
	return nil
}

// init writes all of c.
func (c *certificate) init(rw store.ReadWriter) error {
	known, err := heads.Has(rw, c.ref)
	if err != nil {
		return err
	}
	if known {
		return fmt.Errorf("%v is listed twice", c.ref)
	}
	if err := heads.Set(rw, c.ref, c.head()); err != nil {
		return err
	}
	if err := texts.Set(rw, c.ref, c.details); err != nil {
		return err
	}
	for _, r := range c.records {
		if err := records.Set(rw, numbered{c.ref, r.N}, r); err != nil {
			return err
		}
	}
	return c.index(rw)
}

// ExportGenesis returns what InitGenesis makes the same state from.
func (m *Module) ExportGenesis(r store.Reader) (*Genesis, error) {
	g := &Genesis{Certificates: []GenesisCertificate{}}
	err := heads.Scan(r, func(ref rules.Ref, _ *rules.Head) (bool, error) {
		c, err := load(r, ref)
		if err != nil {
			return false, err
		}
		j, err := c.export()
		g.Certificates = append(g.Certificates, j)
		return true, err
	})
	if err != nil {
		return nil, err
	}
	err = imports.Scan(r, func(k window, n uint64) (bool, error) {
		g.Imports = append(g.Imports, GenesisImports{k.member, k.id, n})
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	err = releases.Scan(r, func(k takeover, v Release) (bool, error) {
		g.Releases = append(g.Releases, GenesisRelease{k.issuer, k.receiver, v.Until.String(), v.Height, v.Tx.String()})
		return true, nil
	})
	return g, err
}

func (c *certificate) export() (j GenesisCertificate, err error) {
	if j.Details, err = detailsToJSON(c.details); err != nil {
		return j, err
	}
	for _, d := range c.formers {
		raw, err := detailsToJSON(d)
		if err != nil {
			return j, err
		}
		j.Former = append(j.Former, raw)
	}
	for _, r := range c.records {
		raw, err := recordToJSON(r)
		if err != nil {
			return j, err
		}
		j.Records = append(j.Records, raw)
	}
	for _, o := range c.orders {
		j.Orders = append(j.Orders, GenesisOrder{o.record, o.Member, o.Filed.String(), o.Due.String(), o.Overdue, o.Closed})
	}
	j.Flags = c.flags
	return j, nil
}
