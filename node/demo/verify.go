package demo

import (
	"context"
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

// answer is what a verifier is given about one key of the state. Nothing in it
// is believed: it stands in for the bundle.
type answer struct {
	root  signedRoot
	value []byte // nothing for an absent key
	proof []byte
}

// established returns the certificate with number as a proves it: more than 2/3
// of the validators stand behind the root, the record is under the root, and two
// persons of the filing body signed it.
func (t trust) established(ctx context.Context, number string, a answer) (certificate, error) {
	if err := t.checkRoot(a.root); err != nil {
		return certificate{}, err
	}
	if err := proof.VerifyInclusion(a.root.hash, certificates.Key(number), a.value, a.proof); err != nil {
		return certificate{}, err
	}
	f, err := decodeFiling(a.value)
	if err != nil {
		return certificate{}, err
	}
	if _, err := t.approve(ctx, f); err != nil {
		return certificate{}, err
	}
	return f.cert, nil
}

// absent checks that a proves that no certificate has number.
func (t trust) absent(number string, a answer) error {
	if err := t.checkRoot(a.root); err != nil {
		return err
	}
	return proof.VerifyAbsence(a.root.hash, certificates.Key(number), a.proof)
}

// ask answers about key in version, as a server would.
func (r *run) ask(version uint64, key []byte) (a answer, present bool, err error) {
	view, err := r.db.At(version)
	if err != nil {
		return a, false, err
	}
	a.root = r.roots[version-1]
	a.value, present, a.proof, err = view.Prove(key)
	return a, present, err
}

// statusIn asks for the certificate with number in version and verifies the
// answer and that the status is the one wanted.
func (r *run) statusIn(ctx context.Context, version uint64, number, want string) (certificate, answer, error) {
	a, present, err := r.ask(version, certificates.Key(number))
	if err == nil && !present {
		err = fmt.Errorf("%s is not in version %d", number, version)
	}
	if err != nil {
		return certificate{}, a, err
	}
	c, err := r.trust.established(ctx, number, a)
	if err == nil && c.Status != want {
		err = fmt.Errorf("%s has status %s in version %d, not %s", number, c.Status, version, want)
	}
	return c, a, err
}

// latest returns the newest version and its root as the validators signed it.
func (r *run) latest() signedRoot { return r.roots[len(r.roots)-1] }

// branch returns a branch of the newest version.
func (r *run) branch() *store.Branch { return store.NewBranch(r.db.Latest()) }

// commit makes what was written to b the next version, durably, and has the
// validators sign its root.
func (r *run) commit(ctx context.Context, b *store.Branch) error {
	stage, err := r.db.Stage(uint64(len(r.roots)+1), b.Changes())
	if err != nil {
		return err
	}
	root := signedRoot{version: stage.Version(), hash: stage.Root()}
	if err := errors.Join(stage.Commit(), stage.Discard()); err != nil {
		return err
	}
	if version, hash := r.db.Version(); version != root.version || hash != root.hash {
		return fmt.Errorf("committed version %d with root %s, staged %d with %s", version, hash, root.version, root.hash)
	}
	for _, v := range r.validators {
		s, err := v.Sign(ctx, root.message())
		if err != nil {
			return err
		}
		root.signatures = append(root.signatures, s)
	}
	if err := r.trust.checkRoot(root); err != nil {
		return err
	}
	r.roots = append(r.roots, root)
	return nil
}
