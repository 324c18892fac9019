package demo

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/testnet/proven"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
	"github.com/hallmark-ledger/hallmark/testnet/words"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// expected is what must hold of a certificate.
type expected struct {
	ref    rules.Ref
	status rules.Status
	reason string
	flags  rules.Flags // stored ones that must be set
	says   string      // name of a flag that the interface must report
}

// verified is what was found on all nodes alike.
type verified struct {
	head  *rules.Head // of a certificate
	value []byte      // of the key, nil if it is absent
	root  sm3.Hash
	size  int // of the proof
	count int // of nodes
}

// everywhere asks every node about a certificate after the last transaction: over
// the interface, and for the head with its proof.
func (d *demo) everywhere(ctx context.Context, want expected) (*verified, error) {
	height := d.last
	v, err := d.proven(ctx, certificate.HeadKey(want.ref), func(n *runner.Node, fact *proven.Fact) error {
		if !fact.Exists {
			return fmt.Errorf("it is proven that there is no %v", want.ref)
		}
		head, err := rules.DecodeHead(fact.Value)
		if err != nil {
			return err
		}
		if head.Ref != want.ref || head.Status != want.status || head.Reason != want.reason || head.Flags&want.flags != want.flags {
			return fmt.Errorf("%v is %v %s with the flags %v, expected %v %s with %v",
				head.Ref, head.Status, head.Reason, head.Flags, want.status, want.reason, want.flags)
		}
		return d.told(ctx, n, want, height)
	})
	if err != nil {
		return nil, err
	}
	v.head, err = rules.DecodeHead(v.value)
	return v, err
}

// proven asks every node for a key of the state after the last transaction, with
// the proof. check says what is wrong with what is proven, and with the node; it is
// called for all nodes side by side.
func (d *demo) proven(ctx context.Context, key []byte, check func(*runner.Node, *proven.Fact) error) (*verified, error) {
	height := d.last
	var mu sync.Mutex
	v := &verified{}
	err := d.each(func(n *runner.Node) error {
		fact, err := proven.Get(ctx, n.Client, key, height)
		if err != nil {
			return err
		}
		if err := check(n, fact); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		if v.count > 0 && v.root != fact.Root {
			return fmt.Errorf("the state after %d has the root %s, on another node %s", height, fact.Root, v.root)
		}
		v.value, v.root, v.size = fact.Value, fact.Root, fact.Size
		v.count++
		return nil
	})
	if err != nil {
		return nil, err
	}
	if v.count != len(d.net.Nodes) {
		return nil, errors.New("not every node was asked")
	}
	return v, nil
}

// told checks what the interface of a node says.
func (d *demo) told(ctx context.Context, n *runner.Node, want expected, height uint64) error {
	c, err := n.Client.Certificate(ctx, want.ref.Issuer, want.ref.Number, client.AtHeight(height))
	if err != nil {
		return err
	}
	if c.Effective.Status != want.status.String() || c.Effective.Reason != want.reason || c.Effective.Code != want.status.Code() {
		return fmt.Errorf("the interface says %+v of %v, expected %v %s", c.Effective, want.ref, want.status, want.reason)
	}
	if want.says == "" {
		return nil
	}
	for _, f := range c.Effective.Flags {
		if f.Name == want.says {
			return nil
		}
	}
	return fmt.Errorf("the interface does not say %s of %v: %+v", want.says, want.ref, c.Effective)
}

// nowhere checks that no node has, or had, a certificate with a number, and that
// each proves it.
func (d *demo) nowhere(ctx context.Context, number string) (*verified, error) {
	height := d.last
	return d.proven(ctx, certificate.NumberKey(number), func(n *runner.Node, fact *proven.Fact) error {
		if fact.Exists {
			return fmt.Errorf("somebody has issued %s", number)
		}
		list, err := n.Client.Issuers(ctx, number, client.AtHeight(height))
		if err == nil && len(list.Issuers) > 0 {
			err = fmt.Errorf("issuers of %s: %v", number, list.Issuers)
		}
		return err
	})
}

// proof says what was verified.
func (d *demo) proof(v *verified) words.Message {
	return words.Say("the same on all %d nodes, each with a proof (%d bytes) that leads to the header of block %d: %.16s…",
		"%d 个节点结果一致，各附证明（%d 字节），可追溯至第 %d 块区块头：%.16s…", v.count, v.size, d.last+1, v.root)
}

// standing says the status of a certificate.
func standing(v *verified) words.Message {
	t := v.head.Status.Text()
	var reason words.Message
	if r, ok := v.head.Family.Rules().Reason(v.head.Status, v.head.Reason); ok && v.head.Reason != "" {
		reason = words.Say(", reason %s: %s", "，原因 %s：%s", r.Code, words.Pair(r.English, r.Chinese))
	}
	return words.Say("%s: %s %s%s", "%s：%s %s%s", v.head.Number, words.Pair(t.English, t.Chinese), v.head.Status.Code(), reason)
}
