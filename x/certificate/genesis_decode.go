package certificate

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

func (j *GenesisCertificate) decode() (c *certificate, err error) {
	c = &certificate{flags: j.Flags}
	if c.details, err = detailsFromJSON(j.Details); err != nil {
		return nil, err
	}
	for i, raw := range j.Former {
		d, err := detailsFromJSON(raw)
		if err != nil {
			return nil, fmt.Errorf("former details %d: %w", i+1, err)
		}
		c.formers = append(c.formers, d)
	}
	for i, raw := range j.Records {
		r, err := recordFromJSON(raw)
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", i+1, err)
		}
		c.records = append(c.records, r)
	}
	if len(c.records) == 0 {
		return nil, errors.New("there is no record")
	}
	c.ref = c.head().Ref
	if !ascending(c.flags) {
		return nil, errors.New("members that flag it are not ascending")
	}
	for i, o := range j.Orders {
		filed, err1 := civil.Parse(o.Filed)
		due, err2 := civil.Parse(o.Due)
		if err := errors.Join(err1, err2); err != nil {
			return nil, fmt.Errorf("order %d: %w", o.Record, err)
		}
		if i > 0 && j.Orders[i-1].Record >= o.Record {
			return nil, fmt.Errorf("order %d does not come after the one before it", o.Record)
		}
		c.orders = append(c.orders, numberedOrder{o.Record, Order{o.Member, filed, due, o.Overdue, o.Closed}})
	}
	return c, c.check(c.head())
}

func (j *GenesisRelease) decode() (v Release, err error) {
	if j.Issuer == "" || j.Receiver == "" {
		return v, errors.New("issuer or receiver missing")
	}
	v.Height = j.Height
	if v.Until, err = civil.Parse(j.Until); err != nil {
		return v, err
	}
	tx, err := hex.DecodeString(j.Tx)
	if err != nil || !bytes.Equal([]byte(hex.EncodeToString(tx)), []byte(j.Tx)) || len(tx) != sm3.Size {
		return v, fmt.Errorf("%q is not %d lower-case hexadecimal digits", j.Tx, 2*sm3.Size)
	}
	copy(v.Tx[:], tx)
	return v, nil
}
