package demo

import (
	"context"
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client/message"
	"github.com/hallmark-ledger/hallmark/light"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/testnet/words"
	"github.com/hallmark-ledger/hallmark/trace"
	xtrace "github.com/hallmark-ledger/hallmark/x/trace"
)

// Entries of the chain of a power bank.
const (
	entryMade    = 2
	entryShipped = 3 // valid until then
	entryArrived = 4
)

// makeBanks registers the lot of cells and the power banks, and files the events of
// both makers from their EPCIS documents.
func (d *demo) makeBanks(ctx context.Context) (*outcome, error) {
	if err := d.register(ctx); err != nil {
		return nil, err
	}
	now := morning(d.day)
	err := errors.Join(d.writeDocument(cellDocument, now, d.cellEvents()...), d.writeDocument(bankDocument, now, d.bankEvents()...))
	if err != nil {
		return nil, err
	}
	stranger, err := d.adorn(ctx)
	if err != nil {
		return nil, err
	}
	cells, err := d.capture(ctx, cellMaker, cellDocument, 2)
	if err != nil {
		return nil, err
	}
	made, err := d.capture(ctx, bankMaker, bankDocument, 2+2*len(banks)) // two in the chain of the cells, two of each power bank
	if err != nil {
		return nil, err
	}
	t, err := d.traced(ctx, banks[0], light.Holds, "traced")
	if err != nil {
		return nil, err
	}
	way := t.Trace.Products
	if len(way) != 2 || way[1].URI != cellLot || len(way[0].Links) != 1 || !way[0].Links[0].Confirmed || way[0].Links[0].Entry.N != entryMade {
		return nil, fmt.Errorf("the way of %s: %+v", banks[0], way[0].Links)
	}
	return &outcome{
		what: []words.Message{
			words.Say("the lot of cells %s, of %s", "电芯批次 %s，登记者 %s", cellLot, d.name(cellMaker)),
			words.Say("the power banks %[1]s and %[2]d more, of %[3]s", "移动电源 %[1]s 等 %[4]d 件，登记者 %[3]s", banks[0], len(banks)-1, d.name(bankMaker), len(banks)),
			words.Say("EPCIS 2.0 events from %s and %s: made, shipped, received, made into power banks, shipped", "EPCIS 2.0 事件（%s、%s）：生产、发货、收货、制成移动电源、发货", cellDocument, bankDocument),
		},
		signed: []words.Message{d.operator(cellMaker), d.operator(bankMaker)}, blocks: []committed{cells, made},
		status: append(t.lines(), words.Say("made of the cells, by the chains of both", "由该批电芯制成，双方追溯链一致"),
			words.Say("the maker of power banks tries to name the certificate of the cells as its own: refused, %s (%d)", "移动电源制造商拟将电芯证书作为自己的证书：拒绝，%s（%d）", stranger.Name, stranger.Code)),
		proof: t.proof(d),
	}, nil
}

// register registers the products with the certificates that they rely on. The maker
// of cells lets that of power banks report what becomes of them.
func (d *demo) register(ctx context.Context) error {
	lot, err := message.RegisterProduct(&xtrace.Product{
		URI: cellLot, Owner: cellMaker, NameZh: "示例锂离子电芯 批次 EX-2611A", NameEn: "Example lithium-ion cell, lot EX-2611A",
		Certificates: []xtrace.Ref{xtrace.Ref(d.cells())}, Reporters: []string{bankMaker},
	})
	if err != nil {
		return err
	}
	var items []*txv1.Message
	for _, uri := range banks {
		item, err := message.RegisterProduct(&xtrace.Product{
			URI: uri, Owner: bankMaker, NameZh: "示例移动电源 EX-10000", NameEn: "Example power bank EX-10000", Certificates: []xtrace.Ref{xtrace.Ref(d.powerBanks())},
		})
		if err != nil {
			return err
		}
		items = append(items, item)
	}
	if _, err = d.do(ctx, d.as(cellMaker+".operator"), lot); err == nil {
		_, err = d.do(ctx, d.as(bankMaker+".operator"), items...)
	}
	return err
}

// adorn tries to let a product rely on a certificate of somebody else.
func (d *demo) adorn(ctx context.Context) (*api.Refusal, error) {
	link := message.LinkCertificates(bankMaker, banks[0], []xtrace.Ref{xtrace.Ref(d.cells())}, nil)
	return d.refused(ctx, d.as(bankMaker+".operator"), "trace_certificate_of_another", link)
}

// capture files the events of an EPCIS document on the chains of its products, as
// hallmark trace capture does; so many entries must come of it.
func (d *demo) capture(ctx context.Context, id, name string, entries int) (c committed, err error) {
	if err := d.level(ctx); err != nil {
		return c, err
	}
	scan, err := trace.ScanFile(d.net.Path(name))
	if err != nil {
		return c, err
	}
	if !scan.Valid() {
		return c, fmt.Errorf("%s has faults: %v", name, scan.Faults)
	}
	m := d.as(id + ".operator")
	m.Mode = txv1.Mode_MODE_EACH
	filed, err := trace.Capture(ctx, scan, trace.Options{Maker: m, Chain: d.net.ChainID, Journal: d.net.Path(name + ".journal"), Report: func(l *trace.Line) error {
		if l.State != trace.StateFiled {
			return fmt.Errorf("event %d of %s: %+v", l.Event, name, *l)
		}
		if l.Height > c.height {
			c.height, c.id = l.Height, l.Tx
		}
		return nil
	}})
	if err == nil && (filed.Filed != entries || filed.Events != filed.Read) {
		err = fmt.Errorf("%s: %d entries expected: %+v", name, entries, filed)
	}
	if err != nil {
		return c, err
	}
	d.last = max(d.last, c.height)
	if err := d.level(ctx); err != nil {
		return c, err
	}
	b, err := d.client.Block(ctx, c.height)
	if err != nil {
		return c, err
	}
	c.time = b.Time
	return c, nil
}

// operator says that the operator of an enterprise signed.
func (d *demo) operator(id string) words.Message {
	return words.Say("operator of %s (%s)", "%s（%s）的操作人员", d.name(id), id)
}
