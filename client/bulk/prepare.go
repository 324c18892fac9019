package bulk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/client/prepared"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/tx"
	"google.golang.org/protobuf/proto"
)

// prepare writes the transaction of a job, which is in the journal, as a file for
// others to sign. A file that is there may have their signatures and stays.
func (r *run) prepare(j job) error {
	path := filepath.Join(r.Folder, fmt.Sprintf("%07d-%.16s.hmtx", j.rows[0], j.tx.ID))
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = writeDraft(path, j.tx.Raw)
	}
	if err != nil {
		return fmt.Errorf("bulk: %w", err)
	}
	r.change(func(p *Progress) { p.Prepared += len(j.rows) })
	return nil
}

func writeDraft(path string, raw []byte) error {
	d, err := openDraft(raw)
	if err != nil {
		return err
	}
	text, err := prepared.Encode(d)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path+".tmp", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(path+".tmp", path)
}

// openDraft reads a transaction; its limits were checked when it was made.
func openDraft(raw []byte) (*tx.Draft, error) {
	t, b := new(txv1.Tx), new(txv1.Body)
	err := proto.Unmarshal(raw, t)
	if err == nil {
		err = proto.Unmarshal(t.GetBody(), b)
	}
	if err != nil {
		return nil, err
	}
	return tx.Open(raw, tx.Limits{ChainID: b.GetChainId(), Bytes: len(raw), Messages: len(b.GetMessages()), Signers: len(b.GetSigners())})
}

// prepareAgain goes on with a prepared transaction of the journal: it writes its
// file if that is missing. One that has expired is asked for, and made anew if it
// is in no block.
func (r *run) prepareAgain(ctx context.Context, j job) error {
	if time.Now().Before(j.tx.Expiry) {
		return r.prepare(j)
	}
	o, err := retry(ctx, r, func() (*client.Outcome, error) { return r.Ledger.Wait(ctx, j.tx) })
	if err != nil {
		return err
	}
	if err := r.settled(j, o); err != nil || o.Result != client.Expired {
		return err
	}
	j.tx = nil
	return r.file(ctx, j)
}

// Unsigned says of the prepared transactions which are not fully signed.
type Unsigned struct {
	Transactions int
	Rows         int
	Missing      []string // members who must sign, each once
	Gone         int      // of the transactions, those whose file is not there
}

// Submit files the transactions that Run has written to a folder and that are
// fully signed. Options: Folder, Ledger, Chain, InFlight, Patience, Progress; the
// journal is that of the folder.
func Submit(ctx context.Context, o Options) (Progress, Unsigned, error) {
	var u Unsigned
	if o.Journal == "" {
		list, err := filepath.Glob(filepath.Join(o.Folder, "*.journal"))
		if err != nil || len(list) != 1 {
			return Progress{}, u, fmt.Errorf("bulk: %s has %d journals, not one: %w", o.Folder, len(list), ErrJournal)
		}
		o.Journal = list[0]
	}
	j, err := openJournal(o.Journal)
	if err != nil {
		return Progress{}, u, err
	}
	p, u, err := submitOn(ctx, j, o)
	return p, u, errors.Join(err, j.close())
}

func submitOn(ctx context.Context, j *journal, o Options) (p Progress, u Unsigned, err error) {
	if j.begin == nil || j.begin.Chain != o.Chain {
		return p, u, fmt.Errorf("bulk: %w: it is empty or for another chain than %q", ErrJournal, o.Chain)
	}
	drafts, err := findDrafts(o.Folder)
	if err != nil {
		return p, u, err
	}
	missing := map[string]bool{}
	r := newRun(j, o, false)
	err = r.all(ctx, func(ctx context.Context) error {
		return r.resume(ctx, func(id string) ([]byte, bool) {
			f := drafts[id]
			if f.path == "" || len(f.missing) > 0 {
				u.Transactions++
				u.Rows += count(j.byID[id].rows)
				if f.path == "" {
					u.Gone++
				}
				for _, member := range f.missing {
					if !missing[member] {
						missing[member] = true
						u.Missing = append(u.Missing, member)
					}
				}
				return nil, false
			}
			d, err := readDraft(f.path)
			if err != nil {
				return nil, false // it was there a moment ago: the next time, then
			}
			return d.Bytes(), true
		})
	})
	return r.progress, u, err
}

// draftFile is a file with a prepared transaction, and who has not signed it.
type draftFile struct {
	path    string
	missing []string
}

// findDrafts returns the prepared transactions of a folder by id; of several
// files of one, that with most signatures.
func findDrafts(folder string) (map[string]draftFile, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("bulk: %w", err)
	}
	found := map[string]draftFile{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".hmtx") {
			continue
		}
		path := filepath.Join(folder, e.Name())
		d, err := readDraft(path)
		if err != nil {
			return nil, err
		}
		f := draftFile{path: path}
		for _, s := range d.Missing() {
			f.missing = append(f.missing, s.Member)
		}
		id := TransactionOf(d).ID
		if before, ok := found[id]; !ok || len(f.missing) < len(before.missing) {
			found[id] = f
		}
	}
	return found, nil
}

func readDraft(path string) (*tx.Draft, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("bulk: %w", err)
	}
	d, err := prepared.Decode(text, "")
	if err != nil {
		return nil, fmt.Errorf("bulk: %s: %w", path, err)
	}
	return d, nil
}
