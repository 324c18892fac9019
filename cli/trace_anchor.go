package cli

import (
	"context"
	"path/filepath"

	"github.com/hallmark-ledger/hallmark/evidence"
	"github.com/hallmark-ledger/hallmark/trace"
	xevidence "github.com/hallmark-ledger/hallmark/x/evidence"
)

// anchorEvents fixes the events of a document as one batch about a product.
func (s *session) anchorEvents(ctx context.Context, scan *trace.Scan, f *captureFlags) error {
	if f.product == "" {
		return usage(say("Say which product the events are about (--product).", "请指明事件所关于的产品（--product）。"))
	}
	uri, err := s.productURI(f.product)
	if err != nil {
		return err
	}
	if f.manifest == "" {
		f.manifest = scan.Path + ".hmev"
	}
	manifest, err := filepath.Abs(f.manifest)
	if err != nil {
		return usageOf(sayf("The manifest %s cannot be written.", "无法写入清单 %s。", f.manifest), err)
	}
	maker, err := s.evidenceMaker(ctx, &f.filingFlags)
	if err != nil {
		return err
	}
	var begin evidence.Begin
	begin.Anchor, err = s.template(ctx, &evidenceFlags{kind: xevidence.Events.String(), method: f.method, retain: f.retain, product: uri}, maker.Parties[0].Member)
	if err != nil {
		return err
	}
	if err := s.rehearse(ctx, maker, begin.Anchor); err != nil || f.dryRun {
		return err
	}
	w, err := trace.Leaves(ctx, scan, manifest, begin)
	if err != nil {
		if ctx.Err() != nil {
			return &failure{exitUnknown, say("Interrupted; nothing was filed. Run the same command again to go on.", "已中断，未提交。重新执行同一命令即可继续。"), err}
		}
		return evidenceFault(f.manifest, err)
	}
	if err := s.fileAnchors(ctx, f.manifest, w, &f.filingFlags, nil); err != nil {
		return err
	}
	if scan.Invalid > 0 {
		s.notef("left out for faults: %d", "因有误跳过：%d", scan.Invalid)
		return &failure{exitRefused, text{}, errTold}
	}
	return nil
}
