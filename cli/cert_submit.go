package cli

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/client/bulk"
	"github.com/hallmark-ledger/hallmark/client/prepared"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

func (s *session) certSubmit() *cobra.Command {
	b := new(bulkFlags)
	c := &cobra.Command{
		Use:   "submit FOLDER",
		Short: s.language.of(say("Submit the transactions that --prepare-to has written to a folder, once they are signed", "提交由 --prepare-to 写入文件夹且签名齐全的交易")),
		Long: s.language.of(say(`Submit the transactions of a folder that all have signed, and wait for them. The
journal in the folder says what was submitted: started again, it goes on. What has
expired is made anew by who has prepared it, with the same command as before.`,
			`提交文件夹中签名齐全的交易并等待结果。文件夹中的日志记录已提交的内容，重新执行即可继续。
已过期的交易由准备者以原命令重新生成。`)),
		Args: args(cobra.ExactArgs(1)),
	}
	c.Flags().IntVar(&b.inFlight, "in-flight", bulk.DefaultInFlight, s.language.of(say("transactions on their way at a time", "同时在途的交易数")))
	c.Flags().StringVar(&b.report, "report", "", s.language.of(say("write what became of each row to FILE.csv and FILE.jsonl with this FILE; by default in the folder", "将每行结果写入以此命名的 .csv 与 .jsonl 文件；默认在该文件夹中")))
	c.RunE = func(c *cobra.Command, given []string) error { return s.submitFolder(c.Context(), given[0], b) }
	return c
}

func (s *session) submitFolder(ctx context.Context, folder string, b *bulkFlags) error {
	node, err := s.connect()
	if err != nil {
		return err
	}
	status, err := node.Status(ctx)
	if err != nil {
		return err
	}
	journals, err := filepath.Glob(filepath.Join(folder, "*.journal"))
	if err != nil || len(journals) != 1 {
		return usage(sayf("%s is not a folder that --prepare-to has written: it has %d journals.", "%s 不是由 --prepare-to 写出的文件夹：其中有 %d 个日志。", folder, len(journals)))
	}
	bar := s.bar(0)
	o := bulk.Options{
		Folder: folder, Journal: journals[0], Chain: status.ChainID, InFlight: max(1, b.inFlight), Progress: bar.show, Again: bar.retry,
		Ledger: bulk.Network{Maker: &client.Maker{Client: node}},
	}
	_, unsigned, err := bulk.Submit(ctx, o)
	bar.end()
	if unsigned.Transactions > 0 {
		s.notef("%d transactions with %d rows are not fully signed; missing: %v", "%d 笔交易（%d 行）签名不全，缺少：%v", unsigned.Transactions, unsigned.Rows, unsigned.Missing)
		if unsigned.Gone > 0 {
			s.notef("%d of them have no file in the folder; who has prepared them writes it again with the same command as before.", "其中 %d 笔在文件夹中没有文件；由准备者以原命令重新写出。", unsigned.Gone)
		}
		if err == nil {
			err = &failure{exitUnknown, say("Not everything is signed.", "签名不全。"), nil}
		}
	}
	o.Folder = ""
	return s.bulkEnd(o, b.report, err)
}

func (s *session) certCosign() *cobra.Command {
	f := new(signFlags)
	c := &cobra.Command{
		Use:   "cosign FOLDER",
		Short: s.language.of(say("Sign the transactions that --prepare-to has written to a folder", "会签由 --prepare-to 写入文件夹的交易")),
		Long: s.language.of(say(`Show what the prepared transactions of a folder say, as recomputed from the bytes
that are signed, ask once, and add signatures to all of them. No node is needed.
Look at single ones with hallmark tx show.`,
			`显示文件夹中各待签交易的内容（由实际签名的字节重新算出），询问一次，然后全部签名。
无需连接节点。可用 hallmark tx show 查看单笔交易。`)),
		Args: args(cobra.ExactArgs(1)),
	}
	t := s.language.of
	c.Flags().StringSliceVar(&f.signWith, "sign-with", nil, t(say("keys to sign with, by name", "用于签名的密钥名称")))
	c.Flags().BoolVar(&f.yes, "yes", false, t(say("do not ask", "不再询问确认")))
	c.RunE = func(c *cobra.Command, given []string) error { return s.cosignFolder(c.Context(), given[0], f) }
	return c
}

func (s *session) cosignFolder(ctx context.Context, folder string, f *signFlags) error {
	paths, err := filepath.Glob(filepath.Join(folder, "*.hmtx"))
	if err != nil || len(paths) == 0 {
		return usage(sayf("%s has no prepared transactions (*.hmtx).", "%s 中没有待签交易（*.hmtx）。", folder))
	}
	notes, err := s.ownKeys(f.signWith)
	if err != nil {
		return err
	}
	open := map[string]*sm2.PrivateKey{} // by public key, those that are needed
	left := map[string]todo{}
	messages := 0
	for _, path := range paths {
		d, err := s.readPrepared(path)
		if err != nil {
			return err
		}
		t := stillToSign(d, notes)
		if len(t.keys) == 0 {
			continue // as after an interruption, or where files were added
		}
		for _, n := range t.keys {
			if open[n.Key] != nil {
				continue
			}
			if open[n.Key], err = s.open(n); err != nil {
				return err
			}
		}
		if !s.json {
			s.summary(prepared.Summarize(d))
		}
		messages += len(d.Body().GetMessages())
		left[path] = t
	}
	if len(left) == 0 {
		return usage(sayf("No key of %s is still to sign any of these.", "%s 中没有尚待签署这些交易的密钥。", s.keys))
	}
	if !f.yes {
		if err := s.confirm(sayf("Sign these %d transactions with %d messages?", "签署以上 %d 笔交易（共 %d 条消息）？", len(left), messages)); err != nil {
			return err
		}
	}
	for _, path := range paths {
		t, ok := left[path]
		if !ok {
			continue
		}
		// Read again one by one, so that memory does not grow with the folder.
		d, err := s.readPrepared(path)
		if err != nil {
			return err
		}
		if d.ID() != t.id {
			return usage(sayf("%s was changed after it was shown; nothing more was signed.", "%s 在显示之后被改动，已停止签名。", path))
		}
		var signers []*sm2.PrivateKey
		for _, n := range t.keys {
			signers = append(signers, open[n.Key])
		}
		if err := signDraft(ctx, path, d, signers); err != nil {
			return err
		}
	}
	s.notef("%d transactions signed. Next: hallmark cert submit %s", "已签署 %d 笔交易。下一步：hallmark cert submit %s", len(left), folder)
	return nil
}

// todo is what is to be signed of a prepared transaction, and with which keys.
type todo struct {
	id   sm3.Hash
	keys []*keyNote
}

// stillToSign returns which of the keys have not signed a transaction that needs
// them.
func stillToSign(d *tx.Draft, notes []*keyNote) todo {
	t := todo{id: d.ID()}
	for _, m := range d.Missing() {
		for _, n := range notes {
			if n.Key == hex.EncodeToString(m.Key[:]) {
				t.keys = append(t.keys, n)
			}
		}
	}
	return t
}

// ownKeys returns the keys of these names, or all that sign here.
func (s *session) ownKeys(names []string) (notes []*keyNote, err error) {
	for _, name := range names {
		n, err := s.lookUp(name)
		if err != nil {
			return nil, err
		}
		notes = append(notes, n)
	}
	if len(names) > 0 {
		return notes, nil
	}
	all, err := s.keyNotes()
	return slices.DeleteFunc(all, func(n *keyNote) bool { return !n.Secret }), err
}

// signDraft signs a prepared transaction and replaces its file.
func signDraft(ctx context.Context, path string, d *tx.Draft, signers []*sm2.PrivateKey) error {
	for _, key := range signers {
		if err := d.Sign(ctx, key); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	raw, err := prepared.Encode(d)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return replaceFile(path, raw, info.Mode())
}
