package main

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

// bound is all SM2 and SM3 that a bundle needs, and nothing else: keys parsed,
// messages and inputs of hashes laid out beforehand.
type bound struct {
	message    []byte
	signatures []signature
	sums       [][]byte
	pairs      []pair
	hasher     *sm3.Hasher
	out        sm3.Hash
	root       sm3.Hash // of the last pair of an entry
}

type signature struct {
	key *sm2.PublicKey
	sig sm2.Signature
}

type pair struct {
	tag *sm3.Tag
	in  [2 * sm3.Size]byte
}

func boundOf(s *sample) *bound {
	b := &bound{message: s.statement.Append(nil), hasher: sm3.NewHasher()}
	entries := s.card.Set.Entries()
	for i, place := range s.seal.Signers() {
		key, err := sm2.ParsePublicKey(entries[place].Key[:])
		if err != nil {
			panic(err)
		}
		b.signatures = append(b.signatures, signature{key, s.seal.Signatures()[i]})
	}
	m := new(lightv1.Bundle)
	if err := proto.Unmarshal(s.bundle, m); err != nil {
		panic(err)
	}
	for _, e := range m.Entries {
		b.entry(e)
	}
	b.sums = append(b.sums, m.Details...)
	return b
}

// entry adds the hashes of an entry.
func (b *bound) entry(e *lightv1.Entry) {
	p, err := proof.Parse(e.Proof)
	if err != nil {
		panic(err)
	}
	b.sums = append(b.sums, e.Key)
	path, value := p.Other.Path, p.Other.ValueHash
	if p.Kind == proof.Inclusion {
		b.sums = append(b.sums, e.Value)
		path, value = sm3.Sum(e.Key), sm3.Sum(e.Value)
	}
	node := b.pair(proof.LeafTag(), path, value)
	for depth, sibling := range p.Forks() {
		if proof.Bit(&path, depth) == 0 {
			node = b.pair(proof.ForkTag(depth), node, *sibling)
		} else {
			node = b.pair(proof.ForkTag(depth), *sibling, node)
		}
	}
	b.root = node
}

func (b *bound) pair(tag *sm3.Tag, left, right sm3.Hash) (out sm3.Hash) {
	p := pair{tag: tag}
	copy(p.in[:], left[:])
	copy(p.in[sm3.Size:], right[:])
	b.pairs = append(b.pairs, p)
	b.hasher.Pair(tag, &p.in, &out)
	return out
}

// check makes sure that it is the work of the bundle.
func (b *bound) check(s *sample) error {
	if b.root != s.statement.State {
		return errors.New("the hashes do not lead to the root")
	}
	for _, x := range b.signatures {
		if err := sm2.Verify(x.key, b.message, x.sig); err != nil {
			return fmt.Errorf("the signatures: %w", err)
		}
	}
	if len(b.message) != seal.StatementSize {
		return errors.New("the message is no statement")
	}
	return nil
}

func (b *bound) sm2() {
	for i := range b.signatures {
		if err := sm2.Verify(b.signatures[i].key, b.message, b.signatures[i].sig); err != nil {
			panic(err) // check has seen it
		}
	}
}

func (b *bound) sm3() {
	for _, s := range b.sums {
		b.hasher.Sum(s, &b.out)
	}
	for i := range b.pairs {
		b.hasher.Pair(b.pairs[i].tag, &b.pairs[i].in, &b.out)
	}
}
