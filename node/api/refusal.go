package api

import (
	"fmt"
	"strings"

	abci "github.com/cometbft/cometbft/abci/types"
	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/app"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

func codesByNumber() map[uint32]*exec.Code {
	codes := map[uint32]*exec.Code{}
	for _, c := range app.Codes() {
		codes[c.Number] = c
	}
	return codes
}

// refusalOf converts a refusal.
func refusalOf(r *exec.Refusal) *api.Refusal {
	if r == nil {
		return nil
	}
	return &api.Refusal{Code: r.Code.Number, Name: r.Code.Name, Text: api.Text{En: r.Code.English, Zh: r.Code.Chinese}, Detail: r.Detail}
}

// refusal returns the refusal with a code, as blocks and CheckTx have it: by
// number, with its text as exec.Refusal.Error has it.
func (s *Server) refusal(code uint32, text string) *api.Refusal {
	c, ok := s.codes[code]
	if !ok { // of a later version of the rules
		return &api.Refusal{Code: code, Name: fmt.Sprintf("code_%d", code), Detail: text}
	}
	detail, _ := strings.CutPrefix(text, c.Name+fmt.Sprintf(" (%d): ", code))
	return &api.Refusal{Code: code, Name: c.Name, Text: api.Text{En: c.English, Zh: c.Chinese}, Detail: detail}
}

// outcome is what a block says of a transaction.
type outcome struct {
	refusal  *api.Refusal  // of all of it
	messages int           // how many were run, or abandoned
	refused  []api.Refusal // of single messages
}

// outcomeOf reads the result of a transaction: the codes of its messages are
// data, their details, as far as they are told, lines of the log.
func (s *Server) outcomeOf(r *abci.ExecTxResult) (o outcome, err error) {
	var results txv1.Results
	if err := proto.Unmarshal(r.Data, &results); err != nil {
		return o, fmt.Errorf("api: the result of a transaction: %w", err)
	}
	o.messages = len(results.Codes)
	if r.Code != 0 {
		o.refusal = s.refusal(r.Code, r.Log)
	}
	lines := strings.Split(r.Log, "\n")
	for i, code := range results.Codes {
		if code == 0 {
			continue
		}
		text, prefix := "", fmt.Sprintf("message %d: ", i)
		for _, line := range lines {
			if rest, ok := strings.CutPrefix(line, prefix); ok {
				text = rest
			}
		}
		one := s.refusal(code, text)
		if r.Code == code { // mode all: this is the one that stopped the others
			one.Detail = o.refusal.Detail
		}
		one.Message = &i
		o.refused = append(o.refused, *one)
	}
	return o, nil
}

// refusedMessages converts the results of a rehearsal.
func refusedMessages(results []tx.Result) (list []api.Refusal) {
	for i, r := range results {
		if r.Refusal != nil {
			one := refusalOf(r.Refusal)
			one.Message = &i
			list = append(list, *one)
		}
	}
	return list
}
