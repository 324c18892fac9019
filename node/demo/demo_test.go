package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/store/engine"
)

func TestRun(t *testing.T) {
	for _, c := range []struct {
		name     string
		language Language
		want     []string
		not      []string
	}{
		{"english", English, []string{
			"1/8 SM2 keys", "8/8 Reopen", "00114E22766R2L/3502", "403 certificates recorded",
			"version 1, root", "SYN-00007 is valid", "SYN-00007 is suspended",
			"no certificate has the number SYN-99999", "refused: proof: leads to another root",
			"not 2 of 4", "each of 292 in turn → refused", "All checks passed", "signed by", "root ",
		}, []string{"验证", "签名", "\x1b"}},
		{"chinese", Chinese, []string{
			"1/8 为两家认证机构", "8/8 重新打开", "00114E22766R2L/3502", "登记 403 张证书",
			"SYN-00007 的状态为有效", "SYN-00007 的状态为暂停", "不存在编号为 SYN-99999 的证书",
			"拒绝：proof: leads to another root", "全部检查通过", "签名", "状态根",
		}, []string{"signed by", "version", "result", "\x1b"}},
		{"both", Both, []string{"signed by", "签名", "version 版本", "root 状态根", "All checks passed · 全部检查通过"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			if err := Run(t.Context(), &out, Options{Language: c.language}); err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("the output lacks %q", want)
				}
			}
			for _, not := range append(c.not, "%!") {
				if strings.Contains(out.String(), not) {
					t.Errorf("the output has %q", not)
				}
			}
			if t.Failed() {
				t.Log(out.String())
			}
		})
	}
}

func TestKept(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "folder")
	var out bytes.Buffer
	if err := Run(t.Context(), &out, Options{Dir: dir, Language: English, Colour: true}); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); !strings.Contains(s, "kept in "+dir) || !strings.Contains(s, "\x1b[1mAll checks passed\x1b[0m") {
		t.Error(s)
	}
	for _, name := range []string{"state", "restored"} {
		db, err := engine.Open(filepath.Join(dir, name), engine.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if version, root := db.Version(); version != 3 || !strings.Contains(out.String(), root.String()) {
			t.Errorf("%s: version %d, root %s", name, version, root)
		}
		if err := errors.Join(db.Check(), db.Close()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Run(t.Context(), io.Discard, Options{Dir: dir}); !errors.Is(err, ErrDir) {
		t.Errorf("a second run in the same folder: %v", err)
	}
}

func TestStopped(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	cancel(why)
	if err := Run(ctx, io.Discard, Options{}); !errors.Is(err, why) {
		t.Error(err)
	}
	if err := Run(t.Context(), full{}, Options{}); !errors.Is(err, errFull) {
		t.Error(err)
	}
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

// TestFaults damages a run between two steps; a later one must fail, and none in
// between.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		after  int // the damage is done after this step
		damage func(context.Context, *run) error
		fails  int   // this step fails
		want   error // with this, unless nil
	}{
		{"another certifier's key", 1, func(_ context.Context, r *run) error {
			r.bodies[0].certifier = r.bodies[1].certifier
			return nil
		}, 2, errCertifier},
		{"one person as both", 1, func(_ context.Context, r *run) error {
			r.bodies[1].approver = r.bodies[1].certifier
			return nil
		}, 2, errApprover},
		{"half of the validators gone", 1, func(_ context.Context, r *run) error {
			r.validators = r.validators[:2]
			return nil
		}, 2, errQuorum},
		{"a root that was not signed", 2, func(_ context.Context, r *run) error {
			r.roots[0].hash[0] ^= 1
			return nil
		}, 3, errQuorum},
		{"a certificate gone", 3, func(ctx context.Context, r *run) error {
			b := r.branch()
			return errors.Join(certificates.Delete(b, suspended), r.commit(ctx, b))
		}, 4, nil},
		{"the forged number recorded", 4, func(ctx context.Context, r *run) error {
			c := synthetic()[0]
			c.Number = forged
			f, err := r.bodies[0].sign(ctx, c)
			b := r.branch()
			return errors.Join(err, file(b, approved{f}), r.commit(ctx, b))
		}, 5, nil},
		{"damaged files", 7, func(_ context.Context, r *run) error { return flipBytes(r.dir) }, 8, nil},
		{"an empty store in its place", 7, func(_ context.Context, r *run) error {
			return errors.Join(r.close(), os.RemoveAll(filepath.Join(r.dir, "state")), r.open())
		}, 8, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := &run{dir: t.TempDir()}
			defer r.close()
			for i, s := range steps {
				var err error
				if i == 0 {
					err = r.generate() // the key file takes long, and is of no account here
				} else {
					_, err = s.do(r, t.Context())
				}
				if i+1 == c.fails {
					t.Log(err)
					if err == nil || !errors.Is(err, c.want) && c.want != nil {
						t.Errorf("step %d: got %v, want %v", i+1, err, c.want)
					}
					return
				}
				if err != nil {
					t.Fatalf("step %d: %v", i+1, err)
				}
				if i+1 == c.after {
					if err := c.damage(t.Context(), r); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

// flipBytes changes one bit of every 64th byte of the files of the state.
func flipBytes(dir string) error {
	n := 0
	err := filepath.WalkDir(filepath.Join(dir, "state"), func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		for i := 0; i < len(b); i += 64 {
			b[i] ^= 1
		}
		if len(b) > 0 {
			n++
		}
		return errors.Join(err, os.WriteFile(path, b, 0o600))
	})
	if err == nil && n == 0 {
		err = fmt.Errorf("no files in %s", dir)
	}
	return err
}
