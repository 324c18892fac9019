package demo

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

// tamper gives a verifier what is not so, in several ways. Each must be refused,
// for the right reason.
func (r *run) tamper(ctx context.Context) (o outcome, err error) {
	_, before, err := r.statusIn(ctx, 1, suspended, statusValid)
	if err != nil {
		return o, err
	}
	_, now, err := r.statusIn(ctx, 2, suspended, statusSuspended)
	if err != nil {
		return o, err
	}
	nothing, _, err := r.ask(2, certificates.Key(forged))
	if err != nil {
		return o, err
	}
	f, err := decodeFiling(now.value)
	if err != nil {
		return o, err
	}
	f.cert.Status = statusValid
	altered, err := f.encode()
	if err != nil {
		return o, err
	}
	byStranger, err := r.signedByStranger(ctx, f.cert)
	if err != nil {
		return o, err
	}
	byOne := f // the certifier's signature over what is there, twice
	byOne.cert.Status = statusSuspended
	byOne.approver = byOne.certifier
	few := now.root
	few.signatures = few.signatures[:2]

	claim := func(a answer) error {
		_, err := r.trust.established(ctx, suspended, a)
		return err
	}
	record := func(f filing) error {
		_, err := r.trust.approve(ctx, f)
		return err
	}
	for _, try := range []struct {
		what message
		err  error
		want error
	}{
		{say("status suspended written over with valid", "把状态“暂停”改为“有效”"),
			claim(answer{now.root, altered, now.proof}), proof.ErrRoot},
		{say("the old proof of valid held against the new root", "用旧的“有效”证明对照新状态根"),
			claim(answer{now.root, before.value, before.proof}), proof.ErrRoot},
		{say("absence of the forged number, to deny this one", "用伪造编号的不存在证明否认此证书"),
			r.trust.absent(suspended, answer{root: now.root, proof: nothing.proof}), nil},
		{say("a root that two of four validators signed", "四个验证节点中仅两个签名的状态根"),
			claim(answer{few, now.value, now.proof}), errQuorum},
		{say("a reinstatement that strangers signed", "由外人签名的恢复"),
			record(byStranger), errCertifier},
		{say("a suspension that one person signed twice", "由同一人签两次的暂停"),
			record(byOne), errApprover},
	} {
		if err := refused(try.err, try.want); err != nil {
			return o, fmt.Errorf("%s: %w", try.what.en, err)
		}
		o.details = append(o.details, say("%s → refused: %s", "%s → 拒绝：%s", try.what, try.err))
	}
	bad := bytes.Clone(now.proof)
	for i := range bad {
		bad[i] ^= 1
		if err := refused(claim(answer{now.root, now.value, bad}), nil); err != nil {
			return o, fmt.Errorf("byte %d of the proof changed: %w", i, err)
		}
		bad[i] ^= 1
	}
	o.details = append(o.details, say("one byte of the proof changed, each of %d in turn → refused", "依次改动证明的每个字节（共 %d 个）→ 全部拒绝", len(bad)))
	o.signed = r.rootSigned()
	o.root = now.root
	o.result = say("all refused", "全部拒绝")
	return o, nil
}

// signedByStranger returns c in the name of the body that filed it, signed by
// keys that nobody trusts.
func (r *run) signedByStranger(ctx context.Context, c certificate) (f filing, err error) {
	b := body{id: c.Filer}
	if b.certifier, err = sm2.Generate(rand.Reader); err != nil {
		return f, err
	}
	if b.approver, err = sm2.Generate(rand.Reader); err != nil {
		return f, err
	}
	return b.sign(ctx, c)
}

// refused returns an error unless err is a refusal that matches want; nil stands
// for any.
func refused(err, want error) error {
	switch {
	case err == nil:
		return errors.New("accepted")
	case want != nil && !errors.Is(err, want):
		return fmt.Errorf("refused, but with: %w", err)
	}
	return nil
}
