package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// issue records the published and the synthetic certificates in version 1. The
// signatures are verified before anything is stored.
func (r *run) issue(ctx context.Context) (o outcome, err error) {
	if err := r.open(); err != nil {
		return o, err
	}
	certs := slices.Concat(published, synthetic())
	filings := make([]filing, len(certs))
	for i, c := range certs {
		if filings[i], err = r.bodies[i%len(r.bodies)].sign(ctx, c); err != nil {
			return o, err
		}
	}
	good, err := r.trust.approve(ctx, filings...)
	if err != nil {
		return o, err
	}
	b := r.branch()
	for _, f := range good {
		if ok, err := certificates.Has(b, f.filing.cert.Number); err != nil || ok {
			return o, errors.Join(err, fmt.Errorf("%s is recorded already", f.filing.cert.Number))
		}
		if err := file(b, f); err != nil {
			return o, err
		}
	}
	if err := r.commit(ctx, b); err != nil {
		return o, err
	}
	if n := r.db.Stats().Keys; n != uint64(len(certs)) {
		return o, fmt.Errorf("%d keys in the state, not %d", n, len(certs))
	}

	o.details = []message{say("real, as the national query platform had them in 2017; the issuers have no part in this",
		"真实数据，转录自 2017 年全国认证认可信息公共服务平台；发证机构与本演示无关")}
	for _, c := range published {
		o.details = append(o.details, c.describe()...)
	}
	o.details = append(o.details, say("synthetic: %s to %s", "合成数据：%s 至 %s", syntheticNumber(1), syntheticNumber(synthetics)))
	o.signed = r.signedBy(say("certifier and approver of two made-up bodies", "两家虚构机构的认证决定人员和批准人员"))
	o.root = r.latest()
	o.result = say("%d certificates recorded, after %d SM2 signatures were verified", "登记 %d 张证书，入库前验证了 %d 个 SM2 签名",
		len(certs), 2*len(filings))
	return o, nil
}
