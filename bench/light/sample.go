package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"text/tabwriter"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/light"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// sample is a bundle and what is needed to verify it.
type sample struct {
	name      string
	card      *light.Card
	bundle    []byte
	claim     light.Claim
	limits    light.Limits
	now       time.Time
	statement seal.Statement
	seal      seal.Seal
}

// certificateNumber is that of the certificate that is proven.
const certificateNumber = "00117Q12345R0M/3700"

// samplesOf makes a state with so many keys, that of a real ledger with one
// certificate and as many others as are missing, in the real engine on disk, seals
// it, and builds bundles.
func samplesOf(keys, validators int) (samples []*sample, err error) {
	dir, err := os.MkdirTemp("", "bench-light-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	db, err := engine.Open(dir, engine.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	genesis, now, err := fill(db, keys, validators)
	if err != nil {
		return nil, err
	}
	entries, signers := make([]seal.Entry, validators), map[[33]byte]*sm2.PrivateKey{}
	for i := range entries {
		k := apptest.Key(fmt.Sprintf("seal/val-%02d", i))
		entries[i] = seal.Entry{Key: k.Public().Bytes(), Power: 10}
		signers[entries[i].Key] = k
	}
	set, err := seal.NewSet(entries)
	if err != nil {
		return nil, err
	}
	_, root := db.Version()
	st := seal.Statement{
		Chain: sm3.Sum([]byte(apptest.Chain)), Genesis: genesis, AppVersion: 1, Height: 1_000_000, Time: now.UnixNano(),
		Block: sm3.Sum([]byte("block")), State: root, Set: set.Hash(),
	}
	s, err := sign(&st, set, signers)
	if err != nil {
		return nil, err
	}
	card, err := light.NewCard(light.Card{ChainID: apptest.Chain, Genesis: genesis, Height: 1, Set: set, Made: now, NotAfter: now.AddDate(0, 6, 0)})
	if err == nil {
		err = card.Sign(context.Background(), "cnca", apptest.Key("cnca/approver"))
	}
	if err != nil {
		return nil, err
	}
	src := light.Source{State: db.Latest(), Statement: st, Seal: s}
	claim := light.Claim{Issuer: apptest.CQC, Number: certificateNumber}
	for _, headOnly := range []bool{true, false} {
		b, err := light.Build(src, claim, headOnly)
		if err != nil {
			return nil, err
		}
		what := "whole"
		if headOnly {
			what = "head alone"
		}
		samples = append(samples, &sample{
			fmt.Sprintf("%s, %d validators", what, validators), card, b, claim, light.Limits{HeadSuffices: headOnly}, now.Add(time.Minute), st, s,
		})
	}
	return samples, nil
}

// fill writes the state of a ledger with one certificate, and other keys.
func fill(db *engine.DB, keys, validators int) (genesis sm3.Hash, now time.Time, err error) {
	ctx := context.Background()
	net, err := apptest.New(ctx, apptest.Genesis(1, validators), apptest.Options{})
	if err != nil {
		return genesis, now, err
	}
	defer func() { err = errors.Join(err, net.Close()) }()
	genesis = sm3.Hash(net.Root())
	raw := apptest.Draft{
		Nonce: 1, Keys: []string{"cqc/certifier", "cqc/approver"}, Messages: []*txv1.Message{apptest.Issue(certificateNumber, civil.DateOf(net.Now()))},
	}.Sign()
	res, err := net.Run(ctx, net.Next(time.Second, raw))
	if err != nil {
		return genesis, now, err
	}
	if res.TxResults[0].Code != 0 {
		return genesis, now, errors.New(res.TxResults[0].Log)
	}
	view, err := net.View()
	if err != nil {
		return genesis, now, err
	}
	var changes []store.Change
	if err := view.Scan(nil, nil, func(key, value []byte) (bool, error) {
		changes = append(changes, store.Change{Key: append([]byte{}, key...), Value: append([]byte{}, value...)})
		return true, nil
	}); err != nil {
		return genesis, now, err
	}
	version, written := uint64(0), 0
	for written < keys || len(changes) > 0 {
		for n := range min(100_000, max(0, keys-written-len(changes))) {
			changes = append(changes, store.Change{Key: fmt.Appendf(nil, "\x7f%010d", written+n), Value: make([]byte, 100)})
		}
		version++
		stage, err := db.Stage(version, changes)
		if err != nil {
			return genesis, now, err
		}
		if err := stage.Commit(); err != nil {
			return genesis, now, err
		}
		written, changes = written+len(changes), nil
	}
	return genesis, net.Now(), nil
}

// sign signs with the first keys of the set that are a quorum.
func sign(st *seal.Statement, set seal.Set, signers map[[33]byte]*sm2.PrivateKey) (seal.Seal, error) {
	var places []int
	var signatures []sm2.Signature
	power := uint64(0)
	for i, e := range set.Entries() {
		if set.Quorum(power) {
			break
		}
		s, err := signers[e.Key].SignWith(rand.Reader, st.Append(nil))
		if err != nil {
			return seal.Seal{}, err
		}
		places, signatures, power = append(places, i), append(signatures, s), power+e.Power
	}
	return seal.New(set.Len(), places, signatures), nil
}

// sizes prints the bytes of the bundles, and what they would be in larger states:
// each doubling of the keys adds a sibling of 32 bytes to each proof.
func sizes(w io.Writer, keys int, all []*sample) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "\nbundle, bytes\tentries\tat %d keys\tat 6 M\tat 10 M\tat 60 M\t\n", keys)
	for _, s := range all {
		b := new(lightv1.Bundle)
		if err := proto.Unmarshal(s.bundle, b); err != nil {
			panic(err) // Build made it
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t", s.name, len(b.Entries), len(s.bundle))
		for _, n := range []float64{6e6, 10e6, 60e6} {
			fmt.Fprintf(t, "%.0f\t", float64(len(s.bundle))+32*float64(len(b.Entries))*math.Log2(n/float64(keys)))
		}
		fmt.Fprintln(t)
	}
	t.Flush()
}
