package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/evidence"
	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/trace"
)

// proveStory asks a node, which need not be trusted, for bundles of a test report and
// of a power bank, and writes them. The leaf of the report comes from the manifest.
func (d *demo) proveStory(ctx context.Context) error {
	node := d.net.Nodes[2].Client
	p, err := d.leafOf(ctx, d.reportPath())
	if err != nil {
		return err
	}
	bundle, err := node.EvidenceBundle(ctx, p.Anchor.ID.String())
	if err != nil {
		return err
	}
	path := merkle.Inclusion{Index: p.Index, Size: p.Anchor.Leaves, Path: p.Path}.Append(nil)
	if bundle, err = light.AddLeaf(bundle, p.Anchor.ID, p.Encoded, path); err != nil {
		return err
	}
	if err := os.WriteFile(d.net.Path(reportFile), bundle, 0o644); err != nil {
		return err
	}
	if bundle, err = node.TraceBundle(ctx, banks[0]); err != nil {
		return err
	}
	return os.WriteFile(d.net.Path(bankFile), bundle, 0o644)
}

// reportPath is the file of the report that is proven.
func (d *demo) reportPath() string {
	return filepath.Join(d.net.Path(reportFolder), filepath.FromSlash(reports[0].name))
}

// leafOf finds a file in the manifest by its content.
func (d *demo) leafOf(ctx context.Context, path string) (*evidence.Proof, error) {
	content, _, err := evidence.ContentOf(ctx, path)
	if err != nil {
		return nil, err
	}
	r, err := evidence.Open(d.net.Path(manifest))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var p *evidence.Proof
	var wrong error
	err = r.Find(content, func(f evidence.Found) bool {
		p, wrong = r.Prove(f.Number)
		return false
	})
	if err = errors.Join(err, wrong); err == nil && p == nil {
		err = fmt.Errorf("%s is not in %s", path, manifest)
	}
	return p, err
}

// handOutCard lets the nodes hand out the trust card with their pages from their next
// start on, so that a browser verifies with it.
func (d *demo) handOutCard() error {
	path, err := filepath.Abs(d.net.Path(cardFile))
	if err != nil {
		return err
	}
	quoted, err := json.Marshal(path) // a string of TOML too
	if err != nil {
		return err
	}
	for _, n := range d.net.Nodes {
		file := filepath.Join(d.net.Path(n.Home), "config", "hallmark.toml")
		before, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		after := bytes.Replace(before, []byte("\ncard_file = \"\"\n"), []byte("\ncard_file = "+string(quoted)+"\n"), 1)
		if bytes.Equal(before, after) {
			return fmt.Errorf("%s has no card_file to be set", file)
		}
		if err := os.WriteFile(file, after, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// verifierOf reads a bundle and the trust card and returns what verifies claims with
// them, and the size of the bundle.
func (d *demo) verifierOf(name string) (func(light.Claim) *light.Verdict, int, error) {
	raw, err := os.ReadFile(d.net.Path(cardFile))
	if err != nil {
		return nil, 0, err
	}
	card, err := light.ParseCard(raw)
	if err != nil {
		return nil, 0, err
	}
	bundle, err := os.ReadFile(d.net.Path(name))
	if err != nil {
		return nil, 0, err
	}
	return func(c light.Claim) *light.Verdict { return light.Verify(bundle, card, c, light.Limits{}, time.Now()) }, len(bundle), nil
}

// found is a difference between a document and a chain.
type found struct {
	kind  trace.Kind
	entry uint64
}

// compare compares the events of a document with a proven chain, as hallmark trace
// verify does: they must differ as expected, and not otherwise.
func (d *demo) compare(t *light.Trace, name string, expected []found) error {
	product := t.Products[0]
	scan, err := trace.ScanFile(d.net.Path(name))
	if err != nil {
		return err
	}
	var events []trace.Presented
	err = scan.Each(func(e *trace.Event, valid bool) error {
		if !valid {
			return fmt.Errorf("event %d of %s has faults", e.Index+1, name)
		}
		if of := e.Of(product.URI); of != nil {
			events = append(events, trace.Presented{Index: e.Index, ID: e.ID, Event: of})
		}
		return nil
	})
	if err != nil {
		return err
	}
	var differ []found
	for _, x := range trace.Compare(product.URI, events, product.Chain, nil) {
		differ = append(differ, found{x.Kind, x.Entry})
	}
	if !slices.Equal(differ, expected) {
		return fmt.Errorf("%s differs from the chain of %s by %v, expected %v", name, product.URI, differ, expected)
	}
	return nil
}
