package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/client/prepared"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// maker returns what makes and signs transactions as the flags say. It opens the
// keys, so it may ask for pass phrases.
func (s *session) maker(ctx context.Context, f *txFlags) (*client.Maker, error) {
	c, err := s.connect()
	if err != nil {
		return nil, err
	}
	mode, err := parseMode(f.mode)
	if err != nil {
		return nil, err
	}
	switch {
	case len(f.signWith) == 0:
		return nil, usage(say("Name the keys that sign (--sign-with). See hallmark keys list.", "请指定用于签名的密钥（--sign-with）。可用 hallmark keys list 查看。"))
	case len(f.cosigners) > 0 && f.out == "":
		return nil, usage(say("A transaction that others must sign is written to a file: add --out FILE.hmtx.", "需他人签名的交易须写入文件：请加 --out FILE.hmtx。"))
	}
	m := &client.Maker{Client: c, Mode: mode, Lifetime: f.expires}
	if m.Lifetime == 0 {
		if m.Lifetime = directLifetime; f.out != "" {
			m.Lifetime = preparedLifetime
		}
	}
	for i, ref := range append(f.signWith[:len(f.signWith):len(f.signWith)], f.cosigners...) {
		note, err := s.lookUp(ref)
		if err != nil {
			return nil, err
		}
		p, err := s.party(ctx, note)
		if err != nil {
			return nil, err
		}
		if i < len(f.signWith) {
			if p.Signer, err = s.open(note); err != nil {
				return nil, err
			}
		}
		m.Parties = append(m.Parties, p)
		if i == 0 {
			if m.Nonces, err = s.nonces(c, note); err != nil {
				return nil, err
			}
		}
	}
	return m, nil
}

// party returns who a key signs for: what the folder remembers, or the ledger
// knows.
func (s *session) party(ctx context.Context, n *keyNote) (p client.Party, err error) {
	p.Member = n.Member
	if p.Key, err = n.public(); err != nil || p.Member != "" {
		return p, err
	}
	c, err := s.connect()
	if err != nil {
		return p, err
	}
	known, err := c.Key(ctx, n.Key)
	if client.NotFound(err) {
		return p, usage(sayf("The key %s is not registered on the ledger.", "密钥 %s 未在账本登记。", n.label()))
	}
	if err != nil {
		return p, err
	}
	p.Member = known.Member
	return p, nil
}

// transact takes messages all the way: a transaction is made, checked here as on
// a node, tried on a node, signed, and written to a file or submitted and waited
// for. What became of it is printed; the error has the exit code.
func (s *session) transact(ctx context.Context, f *txFlags, messages []*txv1.Message) error {
	m, err := s.maker(ctx, f)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		err := s.attempt(ctx, f, m, messages)
		// Another machine uses the key. With another nonce it is another
		// transaction, and the first is in no block.
		if f.out != "" || !client.NonceUsed(err) || attempt == maxAttempts {
			return err
		}
		m.Nonces.Stale()
	}
}

// maxAttempts is how often a transaction is made, if others use its nonces.
const maxAttempts = 3

// attempt makes one transaction.
func (s *session) attempt(ctx context.Context, f *txFlags, m *client.Maker, messages []*txv1.Message) error {
	d, err := m.Draft(ctx, messages)
	if err != nil {
		return err
	}
	if !f.noCheck {
		check, err := m.Client.Check(ctx, d.Bytes())
		if err != nil {
			return err
		}
		if err := s.checked(check, m.Mode); err != nil {
			return err
		}
	}
	if err := m.Sign(ctx, d); err != nil {
		return err
	}
	if f.out != "" {
		return s.writePrepared(f.out, d)
	}
	return s.submit(ctx, d, f.waitFlags)
}

// writePrepared writes a transaction for others to sign.
func (s *session) writePrepared(path string, d *tx.Draft) error {
	raw, err := prepared.Encode(d)
	if err != nil {
		return err
	}
	if err := writeNew(path, raw, 0o644); err != nil {
		return err
	}
	if s.json {
		_, err = s.out.Write(raw)
		return err
	}
	s.summary(prepared.Summarize(d))
	missing := d.Missing()
	if len(missing) == 0 {
		s.printf("Written to %s, signed by all. Next: hallmark tx submit %[1]s", "已写入 %s，签名齐全。下一步：hallmark tx submit %[1]s", path)
		return nil
	}
	s.printf("Written to %s. Next, for %s: hallmark tx cosign %[1]s", "已写入 %s。下一步由 %s 执行：hallmark tx cosign %[1]s", path, membersOf(missing))
	return nil
}

func membersOf(signers []tx.Signer) string {
	names := make([]string, len(signers))
	for i, m := range signers {
		names[i] = fmt.Sprintf("%s (%x…)", m.Member, m.Key[:4])
	}
	return strings.Join(names, ", ")
}

// submit hands a signed transaction to the ledger, and waits if asked to.
func (s *session) submit(ctx context.Context, d *tx.Draft, f waitFlags) error {
	c, err := s.connect()
	if err != nil {
		return err
	}
	if missing := d.Missing(); len(missing) > 0 {
		return &failure{exitRefused, sayf("Signatures are missing, of %s. They sign with hallmark tx cosign.", "缺少签名：%s。请其以 hallmark tx cosign 签名。", membersOf(missing)), nil}
	}
	expiry := time.Unix(d.Body().GetExpiry(), 0)
	if !f.wait {
		t, err := c.Submit(ctx, d.Bytes())
		if err != nil {
			return err
		}
		if s.json {
			return s.printJSON(t)
		}
		s.printf("submitted, id %s", "已提交，标识 %s", t.ID)
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	o, err := c.SubmitAndWait(ctx, d.Bytes(), expiry)
	if err != nil {
		return s.unsure(err, d)
	}
	return s.became(ctx, c, o, f)
}

// became prints what became of a transaction, once its block is sealed if that
// was asked for.
func (s *session) became(ctx context.Context, c *client.Client, o *client.Outcome, f waitFlags) error {
	if !f.sealed || o.Transaction == nil {
		return s.outcome(o)
	}
	if err := c.WaitSealed(ctx, o.Transaction.Height); err != nil {
		return errors.Join(err, s.outcome(o)) // the first says how it ends
	}
	if err := s.outcome(o); err != nil {
		return err
	}
	s.notef("block %d is sealed", "区块 %d 已签章", o.Transaction.Height)
	return nil
}

// unsure adds the id to an error that leaves it open what became of the
// transaction, so that it can be asked for.
func (s *session) unsure(err error, d *tx.Draft) error {
	if codeOf(err) != exitUnknown || errors.Is(err, client.ErrNotReady) {
		return err
	}
	id := d.ID()
	return &failure{exitUnknown, sayf("%s Its id is %x.", "%s 交易标识为 %x。", adviceOf(err), id[:]), err}
}
