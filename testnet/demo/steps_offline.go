package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/light/qr"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
	"github.com/hallmark-ledger/hallmark/testnet/words"
)

// page is where a phone's camera would be sent; nothing listens there.
const page = "https://example.org"

// offline writes a QR code, bundles and a trust card, stops every node, and
// verifies from the files alone.
func (d *demo) offline(ctx context.Context) (*outcome, error) {
	if err := d.sealed(ctx); err != nil {
		return nil, err
	}
	card, err := d.makeCard(ctx)
	if err != nil {
		return nil, err
	}
	files, err := d.prove(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.proveStory(ctx); err != nil {
		return nil, err
	}
	if err := os.WriteFile(d.net.Path(cardFile), card.Bytes(), 0o644); err != nil {
		return nil, err
	}
	if err := d.stopAll(); err != nil {
		return nil, err
	}
	status, err := d.verifyFiles(files)
	if err != nil {
		return nil, err
	}
	return &outcome{
		what: []words.Message{
			words.Say("%s, signed by two regulators, with the fingerprint %s", "%s，由两家监管部门签署，指纹 %s", cardFile, card.FingerprintText()[:24]+"…"),
			words.Say("%s: the head of %s with its proof and the seal of %d validators in one QR code", "%s：%s 的证书摘要、证明与 %d 个验证节点的签章，合为一个二维码", codeFile, number(toSuspend), validators),
			words.Say("then every node is stopped", "随后停止全部节点"),
		},
		signed: []words.Message{d.official(cardSigners[0]), d.official(cardSigners[1])},
		status: status,
		proof:  words.Say("from the files alone: no node runs, no network is used; the files lie in %s", "仅凭文件核验：无节点运行、不使用网络；文件位于 %s", d.net.Dir()),
	}, nil
}

const (
	cardFile = "trust.hmcard"
	codeFile = "certificate.png"
)

// cardSigners are the regulators that sign the trust card.
var cardSigners = []string{generate.CNCA, "amr-sd"}

// sealed waits until the last transaction is sealed on every node.
func (d *demo) sealed(ctx context.Context) error {
	return d.each(func(n *runner.Node) error {
		for {
			s, err := n.Client.Status(ctx)
			if err != nil {
				return err
			}
			if s.SealedHeight >= d.last {
				return nil
			}
			select {
			case <-time.After(50 * time.Millisecond):
			case <-ctx.Done():
				return fmt.Errorf("height %d is not sealed: %w", d.last, context.Cause(ctx))
			}
		}
	})
}

// makeCard takes the draft of one node, sees that every other node would make the
// same, and lets the regulators sign.
// The card is made once.
func (d *demo) makeCard(ctx context.Context) (*light.Card, error) {
	if d.card != nil {
		return d.card, nil
	}
	var card *light.Card
	for _, n := range d.net.Nodes {
		draft, err := n.Client.DraftCard(ctx)
		if err != nil {
			return nil, err
		}
		c, err := light.ParseCard(draft)
		if err != nil {
			return nil, err
		}
		if card == nil {
			card = c
		}
		if c.ChainID != card.ChainID || c.Genesis != card.Genesis || c.Height != card.Height || !c.Set.Equal(card.Set) {
			return nil, fmt.Errorf("%s drafts another trust card", n.Name)
		}
	}
	for _, id := range cardSigners {
		if err := card.Sign(ctx, id, d.keys[id+".approver"]); err != nil {
			return nil, err
		}
	}
	d.card = card
	return card, nil
}

// proofFile is a file that proves a claim, and what must come of it.
type proofFile struct {
	name    string
	claim   light.Claim
	head    bool
	outcome light.Outcome
	says    words.Message
}

// prove asks one node, which need not be trusted, for bundles and writes them.
func (d *demo) prove(ctx context.Context) ([]proofFile, error) {
	node := d.net.Nodes[1].Client
	valid, revoked := ref(toSuspend), ref(toRevoke)
	files := []proofFile{
		{codeFile, light.Claim{Kind: light.Valid, Issuer: valid.Issuer, Number: valid.Number}, true, light.Holds,
			words.Say("%s: it is valid", "%s：证书有效", valid.Number)},
		{"revoked.hmb", light.Claim{Kind: light.Valid, Issuer: revoked.Issuer, Number: revoked.Number}, false, light.DoesNotHold,
			words.Say("%s: proven not to be valid, it was revoked", "%s：已证明并非有效，已被撤销", revoked.Number)},
		{"forged.hmb", light.Claim{Kind: light.Absent, Number: forged}, false, light.Holds,
			words.Say("%s: proven that nobody ever issued it", "%s：已证明从未有任何机构签发", forged)},
	}
	for _, f := range files {
		var bundle []byte
		var err error
		switch {
		case f.claim.Kind == light.Absent:
			bundle, err = node.AbsenceBundle(ctx, f.claim.Number)
		case f.head:
			bundle, err = node.Bundle(ctx, f.claim.Issuer, f.claim.Number, client.HeadOnly())
		default:
			bundle, err = node.Bundle(ctx, f.claim.Issuer, f.claim.Number)
		}
		if err == nil && f.head {
			bundle, err = code(bundle, f.claim.Number)
		}
		if err == nil {
			err = os.WriteFile(d.net.Path(f.name), bundle, 0o644)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return files, nil
}

// code returns a bundle as a QR code to print.
func code(bundle []byte, caption string) ([]byte, error) {
	address, err := qr.Address(page, bundle)
	if err != nil {
		return nil, err
	}
	symbol, err := qr.NewSymbol(address)
	if err != nil {
		return nil, err
	}
	return symbol.PNG(4, caption)
}

func (d *demo) stopAll() error {
	if err := d.each((*runner.Node).Stop); err != nil {
		return err
	}
	for _, n := range d.net.Nodes {
		if n.Running() {
			return fmt.Errorf("%s still runs", n.Name)
		}
	}
	return nil
}

// verifyFiles verifies each file with the card from its file, and that a bundle
// of which one byte is changed proves nothing.
func (d *demo) verifyFiles(files []proofFile) (said []words.Message, err error) {
	raw, err := os.ReadFile(d.net.Path(cardFile))
	if err != nil {
		return nil, err
	}
	card, err := light.ParseCard(raw)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	for _, f := range files {
		bundle, err := readBundle(d.net.Path(f.name))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		limits := light.Limits{HeadSuffices: f.head}
		v := light.Verify(bundle, card, f.claim, limits, now)
		if v.Outcome != f.outcome || v.Height < d.last {
			return nil, fmt.Errorf("%s: %v at height %d: %+v", f.name, v.Outcome, v.Height, v.Reasons)
		}
		said = append(said, words.Say("%s (%d bytes, as of %s)", "%s（%d 字节，截至 %s）", f.says, len(bundle), v.Time.Local().Format(time.TimeOnly)))
		bundle[len(bundle)/2] ^= 1
		if v := light.Verify(bundle, card, f.claim, limits, now); v.Outcome != light.NotEstablished {
			return nil, fmt.Errorf("%s: with a byte changed it is still %v", f.name, v.Outcome)
		}
	}
	return append(said, words.Say("each with one byte changed: nothing is established", "任一文件改动一个字节：均无法证实")), nil
}

// readBundle reads a bundle from a file, or from the QR code in an image.
func readBundle(path string) ([]byte, error) {
	file, err := os.ReadFile(path)
	if err != nil || filepath.Ext(path) != ".png" {
		return file, err
	}
	text, err := qr.ReadImage(file)
	if err != nil {
		return nil, errors.Join(errors.New("the code that was just written cannot be read"), err)
	}
	return qr.Parse(text)
}
