package member

import (
	"encoding/hex"

	"github.com/hallmark-ledger/hallmark/store"
)

// ExportGenesis returns the state as a genesis; InitGenesis makes the same
// state of it.
func (m *Module) ExportGenesis(r store.Reader) (*Genesis, error) {
	g := new(Genesis)
	err := versions.Scan(r, func(k place, v Member) (bool, error) {
		if v.Version == 1 {
			g.Members = append(g.Members, GenesisMember{ID: k.member})
		} else {
			last := &g.Members[len(g.Members)-1]
			last.Earlier = append(last.Earlier, last.Member)
		}
		g.Members[len(g.Members)-1].Member = v
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	err = keys.Scan(r, func(key Key, k KeyRecord) (bool, error) {
		g.Keys = append(g.Keys, GenesisKey{key, k.Duty.String(), k})
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	err = grants.Scan(r, func(k place, v Grant) (bool, error) {
		out := GenesisGrant{Body: k.member, From: v.From.String(), Until: v.Until.String(), Grant: v}
		for _, s := range v.Steps {
			out.Steps = append(out.Steps, GenesisStep{s.Date.String(), s})
		}
		g.Grants = append(g.Grants, out)
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	err = reserved.Scan(r, func(key string, v Reservation) (bool, error) {
		g.Reserved = append(g.Reserved, GenesisReservation{hexBytes(key), v})
		return true, nil
	})
	return g, err
}

// hexBytes is a key of any kind; its text is hexadecimal.
type hexBytes []byte

// MarshalText implements encoding.TextMarshaler.
func (b hexBytes) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(b)), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (b *hexBytes) UnmarshalText(text []byte) error {
	*b = make([]byte, hex.DecodedLen(len(text)))
	_, err := hex.Decode(*b, text)
	return err
}
