package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
	"github.com/hallmark-ledger/hallmark/store"
)

// Genesis is the state of the module as JSON. A chain that starts anew has none
// of it.
type Genesis struct {
	// Anchors by member, in the order of filing.
	Anchors []GenesisAnchor `json:"anchors"`
}

// GenesisAnchor is an anchor. Record is the message AnchorRecord of
// hallmark.evidence.v1 in the JSON form of protobuf: bytes are base64, times Unix
// nanoseconds.
type GenesisAnchor struct {
	Record json.RawMessage `json:"record"`
	// About is its number among the anchors about its subject, from 1.
	About uint64 `json:"about"`
}

// InitGenesis writes g to an empty state. Its errors say what to correct. That the
// subjects are there is for Check, when all modules have been written.
func (m *Module) InitGenesis(rw store.ReadWriter, g *Genesis) error {
	for i := range g.Anchors {
		if err := g.Anchors[i].init(rw); err != nil {
			return fmt.Errorf("evidence genesis: anchor %d: %w", i, err)
		}
	}
	if err := check(rw); err != nil {
		return fmt.Errorf("evidence genesis: %w", err)
	}
	return nil
}

func (j *GenesisAnchor) init(rw store.ReadWriter) error {
	v := &evidencev1.AnchorRecord{}
	if err := protojson.Unmarshal(j.Record, v); err != nil {
		return err
	}
	r, err := parseRecord(v)
	if err != nil {
		return err
	}
	id := r.ID()
	if known, err := anchors.Has(rw, id); err != nil {
		return err
	} else if known {
		return fmt.Errorf("%v is listed twice", id)
	}
	n, _, err := memberCounts.Get(rw, r.Member)
	if err != nil {
		return err
	}
	last, _, err := subjectCounts.Get(rw, r.Subject)
	if err != nil {
		return err
	}
	if err := put(rw, id, r, n+1, j.About); err != nil {
		return err
	}
	return subjectCounts.Set(rw, r.Subject, max(last, j.About))
}

// ExportGenesis returns what InitGenesis makes the same state from.
func (m *Module) ExportGenesis(r store.Reader) (*Genesis, error) {
	places := map[sm3.Hash]uint64{} // never ranged over
	err := subjects.Scan(r, func(k about, id sm3.Hash) (bool, error) {
		places[id] = k.n
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	g := &Genesis{Anchors: []GenesisAnchor{}}
	err = members.Scan(r, func(_ filed, id sm3.Hash) (bool, error) {
		v, ok, err := anchors.Get(r, id)
		if err != nil || !ok {
			return false, corrupt("anchor %v: %v, %v", id, ok, err)
		}
		raw, err := protojson.Marshal(recordMessage(v))
		if err != nil {
			return false, err
		}
		var compact bytes.Buffer // protojson spaces its output at random
		err = json.Compact(&compact, raw)
		g.Anchors = append(g.Anchors, GenesisAnchor{compact.Bytes(), places[id]})
		return true, err
	})
	return g, err
}
