package difftest

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/light"
)

// worker is a process of the other verifier. It belongs to one goroutine.
type worker struct {
	in *bufio.Writer
	// answers are read as they come, so that neither process waits for the other
	// to read; closed when there are no more, after which err is set.
	answers chan []byte
	err     error
}

// maxWaiting is the most questions that may wait for an answer.
const maxWaiting = 1 << 14

// header is that of worker.mjs.
type header struct {
	Card   int          `json:"card"`
	Set    bool         `json:"set,omitempty"`
	Claim  *light.Claim `json:"claim,omitempty"`
	Limits *limits      `json:"limits,omitempty"`
	Now    string       `json:"now,omitempty"` // Unix nanoseconds
	Fresh  bool         `json:"fresh,omitempty"`
	Text   bool         `json:"text,omitempty"`
}

type limits struct {
	MaxAgeSeconds float64 `json:"maxAgeSeconds"`
	MaxSize       int     `json:"maxSize"`
	HeadSuffices  bool    `json:"headSuffices"`
}

func (l limits) of() light.Limits {
	return light.Limits{MaxAge: time.Duration(l.MaxAgeSeconds * 1e9), MaxSize: l.MaxSize, HeadSuffices: l.HeadSuffices}
}

func newWorker(t *testing.T) *worker {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not there: the second verifier is not held against this one")
	}
	if _, err := os.Stat("../dist/index.js"); err != nil {
		t.Skip("the second verifier is not built: make web-verifier")
	}
	cmd := exec.Command(node, "worker.mjs")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("the second verifier: %v", err)
		}
	})
	w := &worker{in: bufio.NewWriterSize(in, 1<<20), answers: make(chan []byte, maxWaiting)}
	go w.read(bufio.NewReaderSize(out, 1<<20))
	return w
}

func (w *worker) read(out io.Reader) {
	defer close(w.answers)
	for {
		b, err := receive(out)
		if err != nil {
			w.err = err
			return
		}
		w.answers <- b
	}
}

// send asks for a verdict; flush before the answer is awaited.
func (w *worker) send(h header, b []byte) error {
	head, err := json.Marshal(h)
	if err != nil {
		return err
	}
	lengths := binary.LittleEndian.AppendUint32(nil, uint32(4+len(head)+len(b)))
	lengths = binary.LittleEndian.AppendUint32(lengths, uint32(len(head)))
	for _, part := range [][]byte{lengths, head, b} {
		if _, err := w.in.Write(part); err != nil {
			return err
		}
	}
	return nil
}

func receive(out io.Reader) ([]byte, error) {
	var length [4]byte
	if _, err := io.ReadFull(out, length[:]); err != nil {
		return nil, err
	}
	answer := make([]byte, binary.LittleEndian.Uint32(length[:]))
	_, err := io.ReadFull(out, answer)
	return answer, err
}
