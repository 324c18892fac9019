package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/evidence"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/testnet/example"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/proven"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
	"github.com/hallmark-ledger/hallmark/testnet/words"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	xevidence "github.com/hallmark-ledger/hallmark/x/evidence"
)

// Where the laboratory keeps what it has fixed, below the folder of the network.
const (
	reportFolder = "evidence/reports"
	manifest     = "evidence/reports.hmev"
)

// engagement is what the laboratory tests for.
var engagement = xevidence.OfEngagement(generate.ExampleCertNumber, scheme, "EXAMPLE-J-0001")

// fixReports writes test reports to a folder and anchors them: the reports stay with
// the laboratory, the root of a tree over them goes on the ledger.
func (d *demo) fixReports(ctx context.Context) (*outcome, error) {
	if err := d.writeReports(); err != nil {
		return nil, err
	}
	roots, err := evidence.NewRoots([]string{d.net.Path(reportFolder)}, "")
	if err != nil {
		return nil, err
	}
	lab := d.as(generate.ExampleLab + ".operator")
	lab.Mode = txv1.Mode_MODE_EACH
	w, err := evidence.AnchorFiles(ctx, evidence.Options{Manifest: d.net.Path(manifest), Jobs: 2, Roots: roots, Begin: evidence.Begin{Anchor: xevidence.Anchor{
		Member: generate.ExampleLab, Kind: xevidence.Report, Subject: engagement, Method: "GB 31241-2022", Retention: xevidence.TenYears,
	}}})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(evidence.File(ctx, w, evidence.Network{Maker: lab}, nil), w.Close()); err != nil {
		return nil, err
	}
	anchor := w.Anchors()[0]
	d.anchor, d.last = anchor.ID, anchor.Outcome.Height
	v, err := d.proven(ctx, xevidence.AnchorKey(anchor.ID), func(n *runner.Node, fact *proven.Fact) error {
		if !fact.Exists {
			return fmt.Errorf("it is proven that there is no anchor %v", anchor.ID)
		}
		r, err := xevidence.DecodeRecord(fact.Value)
		if err != nil {
			return err
		}
		if r.ID() != anchor.ID || r.Root != anchor.Root || r.Leaves != uint64(len(reports)) || r.Member != generate.ExampleLab {
			return fmt.Errorf("the anchor is %+v", r)
		}
		list, err := n.Client.EvidenceAbout(ctx, engagement.String())
		if err == nil && (len(list.Items) != 1 || list.Items[0].ID != anchor.ID.String()) {
			err = fmt.Errorf("evidence about %v: %+v", engagement, list.Items)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &outcome{
		what: []words.Message{
			words.Say("%d test reports of cells and a power bank; they stay with the laboratory, in %s", "电芯和移动电源的 %d 份检测报告；报告留存于实验室（%s）", len(reports), reportFolder),
			words.Say("anchor %.16s…: a root over all of them, the engagement, who, when", "锚定 %.16s…：全部报告的树根、委托、固定者与时间", anchor.ID),
		},
		signed: []words.Message{words.Say("operator of %s (%s)", "%s（%s）的操作人员", d.name(generate.ExampleLab), generate.ExampleLab)},
		blocks: []committed{{anchor.Outcome.Tx.String(), anchor.Outcome.Height, time.Unix(0, anchor.Outcome.Time)}},
		status: []words.Message{words.Say("%d leaves, on the ledger since then: no report can be changed unnoticed any more", "%d 个叶，自此在账：任何报告再有改动都会被发现", len(reports))},
		proof:  d.proof(v),
	}, nil
}

// writeReports writes the reports, as of the day of the tests.
func (d *demo) writeReports() error {
	for _, r := range reports {
		path := filepath.Join(d.net.Path(reportFolder), filepath.FromSlash(r.name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(r.text), 0o644); err != nil {
			return err
		}
		at := morning(d.ago(tested))
		if err := os.Chtimes(path, at, at); err != nil {
			return err
		}
	}
	return nil
}

// certify issues two compulsory certificates, that of the power bank resting on that
// of the cells, and both on the test reports.
func (d *demo) certify(ctx context.Context) (*outcome, error) {
	cells := d.productCertificate(d.cells().Number, d.cellCode, cellMaker, "示例锂离子电芯", "Example lithium-ion cell", "EX-2611")
	bank := d.productCertificate(d.powerBanks().Number, d.bankCode, bankMaker, "示例移动电源", "Example power bank", "EX-10000")
	bank.Details.Components = []*certificatev1.Ref{{Issuer: d.cells().Issuer, Number: d.cells().Number}}
	o := &outcome{what: []words.Message{
		words.Say("%s: cells of %s; %s: power banks of %s, with these cells", "%s：%s的电芯；%s：%s的移动电源，采用该电芯",
			d.cells().Number, d.name(cellMaker), d.powerBanks().Number, d.name(bankMaker)),
		words.Say("decided on %v, on the ground of the reports in %.16s…; whatever is of days before today is filed late", "决定日期 %v，依据 %.16s… 所固定的报告；早于今日的事项均为补报", d.ago(decided), d.anchor),
	}}
	var messages []*txv1.Message
	for _, c := range []*certificatev1.Certificate{cells, bank} {
		issue := &certificatev1.Issue{Certificate: c, Decided: c.Issued, Evidence: [][]byte{bytes.Clone(d.anchor[:])}}
		messages = append(messages, &txv1.Message{Action: &txv1.Message_Issue{Issue: issue}})
	}
	c, err := d.do(ctx, d.as(fourEyes(generate.ExampleCert)...), messages...)
	if err != nil {
		return nil, err
	}
	o.signed, o.blocks = append(o.signed, d.people(generate.ExampleCert)), append(o.blocks, c)
	var v *verified
	for _, ref := range []rules.Ref{d.cells(), d.powerBanks()} {
		if v, err = d.everywhere(ctx, expected{ref: ref, status: rules.Valid}); err != nil {
			return nil, err
		}
		o.status = append(o.status, standing(v))
	}
	o.proof = d.proof(v)
	return o, d.each(func(n *runner.Node) error {
		grounded, err := n.Client.Grounded(ctx, d.anchor.String(), client.AtHeight(d.last))
		if err == nil && len(grounded.Items) != len(messages) {
			err = fmt.Errorf("decisions on the ground of %v: %+v", d.anchor, grounded.Items)
		}
		return err
	})
}

// productCertificate is a compulsory product certificate of a maker.
func (d *demo) productCertificate(number, code, maker, zh, en, model string) *certificatev1.Certificate {
	c := example.Product(number, 0, d.ago(decided))
	name := d.name(maker)
	party := &certificatev1.Party{NameZh: name.In(words.Chinese), NameEn: name.In(words.English), AddressZh: "示例路 1 号", AddressEn: "1 Example Road", Country: "156"}
	c.Scheme, c.Holder = scheme, code
	c.Details = &certificatev1.Details{
		Holder: party, Producer: party, Factory: party, ScopeZh: zh, ScopeEn: en, Standards: []string{"GB 31241-2022"},
		TradeMark: "示例 EXAMPLE", Models: []string{model},
	}
	return c
}
