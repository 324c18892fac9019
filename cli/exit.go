package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
)

// Exit codes.
const (
	exitDone    = 0
	exitRefused = 1 // the ledger refused, some or all; or it does not have what was asked for
	exitUnknown = 2 // not established: no node answers, or the time to wait is over
	exitUsage   = 3 // wrong usage, or input and output
)

// failure is an error with an exit code and a text for people. Cause may be nil.
type failure struct {
	code  int
	text  text
	cause error
}

func (f *failure) Error() string { return f.text.En }
func (f *failure) Unwrap() error { return f.cause }

// usage is an error of who typed, or of a file.
func usage(t text) error { return &failure{exitUsage, t, nil} }

// usageOf is usage with its cause.
func usageOf(t text, cause error) error { return &failure{exitUsage, t, cause} }

// errTold is the cause of a failure that people have been told of already.
var errTold = errors.New("told already")

// codeOf returns the exit code of a command that returned err.
func codeOf(err error) int {
	var f *failure
	var answer *client.Error
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &f):
		return f.code
	}
	if unknown(err) { // before the answers that it may wrap
		return exitUnknown
	}
	if _, refused := client.RefusalOf(err); refused {
		return exitRefused
	}
	if errors.As(err, &answer) {
		if client.NotFound(err) {
			return exitRefused
		}
		if answer.Status >= 500 {
			return exitUnknown
		}
		return exitUsage // a node did not like the question
	}
	return exitUsage
}

// unknown reports whether err leaves open what is so.
func unknown(err error) bool {
	for _, e := range []error{client.ErrNoAnswer, client.ErrUncertain, client.ErrNotReady, context.DeadlineExceeded, context.Canceled} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// adviceOf is what stands before the detail of an error that has no text of its
// own.
func adviceOf(err error) text {
	switch {
	case errors.Is(err, client.ErrUncertain):
		return say("It is not certain whether the transaction arrived. Ask for its id (hallmark tx wait) before you make another; submitting the same one again does no harm.",
			"无法确定交易是否已送达。重新生成前请先按其标识查询（hallmark tx wait）；重复提交同一笔交易不会造成重复执行。")
	case errors.Is(err, client.ErrNotReady):
		return say("No node is up to date, so none is written to. Try again later, or name other nodes (--node).",
			"没有已同步到最新的节点，未提交。请稍后重试，或指定其他节点（--node）。")
	case errors.Is(err, client.ErrChain):
		return say("A node is of another chain. Correct the addresses (--node) or the chain (--chain-id).",
			"节点属于另一条链。请更正节点地址（--node）或链标识（--chain-id）。")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return say("Stopped waiting; nothing is certain yet.", "已停止等待，结果尚不确定。")
	case errors.Is(err, client.ErrNoAnswer):
		return say("No node answers. Check that one runs at the address given (--node, HALLMARK_NODES), and try again.",
			"没有节点应答。请确认所指定的节点（--node、HALLMARK_NODES）正在运行，然后重试。")
	case client.NotFound(err):
		return say("The ledger has no such thing.", "账本中没有该内容。")
	}
	return text{}
}

// report is an error as JSON.
type report struct {
	Error   string       `json:"error"`
	Detail  string       `json:"detail,omitempty"`
	Refusal *api.Refusal `json:"refusal,omitempty"`
	Exit    int          `json:"exit"`
}

// complain prints err for people, or as JSON.
func (s *session) complain(err error) {
	var f *failure
	var head text
	detail := err.Error()
	refusal, refusedByLedger := client.RefusalOf(err)
	refusedByLedger = refusedByLedger && !unknown(err)
	switch {
	case errors.Is(err, errTold):
		return
	case errors.As(err, &f):
		head, detail = f.text, ""
		if f.cause != nil {
			detail = f.cause.Error()
		}
	case refusedByLedger:
		head, detail = refusal.Text, refusal.Detail
	default:
		head = adviceOf(err)
		var answer *client.Error
		if head == (text{}) && errors.As(err, &answer) && answer.Problem.Text != nil {
			head = *answer.Problem.Text
		}
	}
	if head == (text{}) {
		head, detail = say(detail, detail), ""
	}
	out := plainWriter{s.err}
	if s.json {
		if !refusedByLedger {
			refusal = nil
		}
		raw, _ := json.Marshal(report{s.language.of(head), detail, refusal, codeOf(err)}) // strings and numbers always encode
		fmt.Fprintln(out, string(raw))
		return
	}
	if refusedByLedger {
		fmt.Fprintf(out, "hallmark: %s (%s %d)\n", s.language.of(head), refusal.Name, refusal.Code)
	} else {
		fmt.Fprintf(out, "hallmark: %s\n", s.language.of(head))
	}
	if detail != "" {
		fmt.Fprintf(out, "  %s\n", detail)
	}
}
