package demo

import (
	"context"
	"fmt"
	"strings"
)

// suspended is the certificate that gets suspended: a synthetic one, as nothing
// untrue is to be said of a real one.
var suspended = syntheticNumber(7)

// forged is a number that nobody recorded.
var forged = syntheticNumber(99_999)

// prove proves a published certificate from version 1.
func (r *run) prove(ctx context.Context) (o outcome, err error) {
	c, a, err := r.statusIn(ctx, 1, published[0].Number, statusValid)
	if err != nil {
		return o, err
	}
	want := published[0]
	want.Filer = c.Filer
	if c != want {
		return o, fmt.Errorf("proven is %+v, recorded was %+v", c, want)
	}
	o.signed = r.signedBy(twoOf(c.Filer))
	o.root = a.root
	o.details = append(c.describe(),
		say("  status %s, %s, in 2017; it has run out since", "  2017 年状态 %s %s；现已过有效期", c.Status, statuses[c.Status]))
	o.result = say("record of %d bytes proven by %d bytes, with store/proof and crypto/sm2, without the store",
		"记录 %d 字节，证明 %d 字节；验证只需 store/proof 和 crypto/sm2，不需状态库", len(a.value), len(a.proof))
	return o, nil
}

// suspend suspends a certificate in version 2, by the body that recorded it. What
// version 1 says of it remains provable.
func (r *run) suspend(ctx context.Context) (o outcome, err error) {
	b := r.branch()
	old, ok, err := certificates.Get(b, suspended)
	if err != nil {
		return o, err
	}
	if !ok || old.cert.Status != statusValid {
		return o, fmt.Errorf("%s is not there, or not valid", suspended)
	}
	next := old.cert
	next.Status = statusSuspended
	filer, err := r.bodyOf(old.cert.Filer)
	if err != nil {
		return o, err
	}
	f, err := filer.sign(ctx, next)
	if err != nil {
		return o, err
	}
	good, err := r.trust.approve(ctx, f)
	if err != nil {
		return o, err
	}
	if err := file(b, good[0]); err != nil {
		return o, err
	}
	if err := r.commit(ctx, b); err != nil {
		return o, err
	}

	for version, want := range []string{statusValid, statusSuspended} {
		c, a, err := r.statusIn(ctx, uint64(version+1), suspended, want)
		if err != nil {
			return o, err
		}
		o.details = append(o.details, say("version %d, root %.16s…: %s is %s, proven with %d bytes",
			"第 %d 版，状态根 %.16s…：%s 的状态为%s，证明 %d 字节", version+1, a.root.hash, c.Number, statuses[c.Status], len(a.proof)))
	}
	o.signed = r.signedBy(twoOf(next.Filer))
	o.root = r.latest()
	o.result = say("suspended now; that it was valid before can still be proven", "现为暂停；此前有效的事实仍可证明")
	return o, nil
}

// bodyOf returns the body with id, with its private keys.
func (r *run) bodyOf(id string) (body, error) {
	for _, b := range r.bodies {
		if b.id == id {
			return b, nil
		}
	}
	return body{}, errFiler
}

// exposeForgery proves that a number on paper stands for no certificate.
func (r *run) exposeForgery(context.Context) (o outcome, err error) {
	if !strings.HasPrefix(forged, "SYN-") {
		return o, fmt.Errorf("%s could be the number of a real certificate", forged)
	}
	a, present, err := r.ask(r.latest().version, certificates.Key(forged))
	if err != nil {
		return o, err
	}
	if present {
		return o, fmt.Errorf("%s is in the state", forged)
	}
	if err := r.trust.absent(forged, a); err != nil {
		return o, err
	}
	o.signed = r.rootSigned()
	o.root = a.root
	o.result = say("proven: no certificate has the number %s; proof %d bytes", "已证明：不存在编号为 %s 的证书；证明 %d 字节",
		forged, len(a.proof))
	return o, nil
}
