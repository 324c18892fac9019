package sm3_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	tjfoc "github.com/tjfoc/gmsm/sm3"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// message returns n bytes without an obvious period.
func message(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*i*31 + i*7 + n)
	}
	return b
}

// longest covers every way a message can end within its last block, several
// times over, and the change from one to many blocks per call.
const longest = 300

func TestAgainstTjfoc(t *testing.T) {
	h := sm3.NewHasher()
	for _, n := range append(lengths(longest), 8<<10, 64<<10, 64<<10+1, 1<<20) {
		m := message(n)
		want := sm3.Hash(tjfoc.Sm3Sum(m))
		if got := sm3.Sum(m); got != want {
			t.Errorf("%d bytes: Sum = %s, tjfoc has %s", n, got, want)
		}
		var out sm3.Hash
		if h.Sum(m, &out); out != want {
			t.Errorf("%d bytes: Hasher.Sum = %s, tjfoc has %s", n, out, want)
		}
	}
}

// TestAgainstOpenSSL hashes one file per length in a single run of the command.
func TestAgainstOpenSSL(t *testing.T) {
	command, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("no openssl command on this machine: SM3 is not cross-checked against it")
	}
	probe := exec.Command(command, "dgst", "-sm3")
	probe.Stdin = bytes.NewReader(nil)
	if out, err := probe.CombinedOutput(); err != nil {
		t.Skipf("this openssl has no SM3, so it is not cross-checked against: %v: %s", err, out)
	}
	dir := t.TempDir()
	args := []string{"dgst", "-sm3"}
	for _, n := range lengths(longest) {
		name := fmt.Sprintf("m%d", n)
		if err := os.WriteFile(filepath.Join(dir, name), message(n), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	run := exec.Command(command, args...)
	run.Dir = dir
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("openssl dgst -sm3: %v: %s", err, out)
	}
	digests := regexp.MustCompile(`\(m(\d+)\)= ([0-9a-f]{64})`).FindAllStringSubmatch(string(out), -1)
	if len(digests) != longest+1 {
		t.Fatalf("openssl printed %d digests, want %d:\n%s", len(digests), longest+1, out)
	}
	for n, d := range digests {
		if d[1] != fmt.Sprint(n) {
			t.Fatalf("digest %d of openssl is for m%s", n, d[1])
		}
		if got := sm3.Sum(message(n)).String(); got != d[2] {
			t.Errorf("%d bytes: Sum = %s, openssl has %s", n, got, d[2])
		}
	}
}

func lengths(last int) []int {
	ns := make([]int, last+1)
	for i := range ns {
		ns[i] = i
	}
	return ns
}
