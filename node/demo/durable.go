package demo

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/hallmark-ledger/hallmark/store/engine"
)

// reopen leaves a version staged and not committed, opens the store again, as
// after a crash, and checks that it is what it was; then a second store is built
// from a snapshot.
func (r *run) reopen(ctx context.Context) (o outcome, err error) {
	want := r.latest()
	b := r.branch()
	if err := certificates.Delete(b, suspended); err != nil {
		return o, err
	}
	stage, err := r.db.Stage(want.version+1, b.Changes())
	if err != nil {
		return o, err
	}
	if stage.Root() == want.hash {
		return o, errors.New("a certificate was deleted and the root is the same")
	}
	if err := errors.Join(r.close(), r.open()); err != nil {
		return o, err
	}
	if err := r.same(ctx, want); err != nil {
		return o, fmt.Errorf("reopened: %w", err)
	}
	if _, _, err := r.statusIn(ctx, 1, suspended, statusValid); err != nil {
		return o, fmt.Errorf("reopened, an old version: %w", err)
	}

	second := *r // the same roots and keys, another store
	second.db = nil
	n, err := second.restore(r.db, want)
	if err != nil {
		return o, errors.Join(err, second.close())
	}
	if err := errors.Join(second.same(ctx, want), second.close()); err != nil {
		return o, fmt.Errorf("from the snapshot: %w", err)
	}
	o.signed = r.rootSigned()
	o.root = want
	o.details = []message{
		say("reopened: the same root; version %d, computed but not committed, left no trace; every key checked",
			"重新打开：状态根不变；已计算但未提交的第 %d 版没有留下痕迹；逐键检查通过", want.version+1),
		say("snapshot of %d bytes into an empty folder, each chunk verified by itself: the same root; every key checked",
			"快照共 %d 字节，导入空文件夹，逐块独立验证：状态根相同；逐键检查通过", n),
	}
	o.result = say("same version, same root, same proofs", "版本、状态根与证明均一致")
	return o, nil
}

// same checks that the store of r is sound, at version and root of want, and
// proves what it should.
func (r *run) same(ctx context.Context, want signedRoot) error {
	if version, hash := r.db.Version(); version != want.version || hash != want.hash {
		return fmt.Errorf("version %d with root %s, not %d with %s", version, hash, want.version, want.hash)
	}
	if err := r.db.Check(); err != nil {
		return err
	}
	if _, _, err := r.statusIn(ctx, want.version, published[0].Number, statusValid); err != nil {
		return err
	}
	_, _, err := r.statusIn(ctx, want.version, suspended, statusSuspended)
	return err
}

// restore builds the store of r from a snapshot of from, against the root that
// is known, and returns the bytes of the chunks.
func (r *run) restore(from *engine.DB, root signedRoot) (size int, err error) {
	export, err := from.Export(root.version)
	if err != nil {
		return 0, err
	}
	defer export.Close()
	raw, err := export.Manifest().Encode()
	if err != nil {
		return 0, err
	}
	manifest, err := engine.DecodeManifest(raw)
	if err != nil {
		return 0, err
	}
	in, err := engine.NewImport(filepath.Join(r.dir, "restored"), root.hash, manifest, engine.Options{})
	if err != nil {
		return 0, err
	}
	for _, i := range in.Missing() {
		chunk, err := export.Chunk(i)
		if err == nil {
			err = in.Add(i, chunk)
		}
		if err != nil {
			return 0, errors.Join(err, in.Abort())
		}
		size += len(chunk)
	}
	r.db, err = in.Finish()
	return size, err
}
