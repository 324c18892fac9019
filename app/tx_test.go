package app_test

import (
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

// issue returns a signed transaction of cqc that issues certificates.
func issue(nonce uint64, numbers ...string) []byte {
	d := apptest.Draft{Nonce: nonce, Keys: []string{"cqc/certifier", "cqc/approver"}}
	for _, n := range numbers {
		d.Messages = append(d.Messages, apptest.Issue(n, today))
	}
	return d.Sign()
}

func codes(t *testing.T, r *abci.ExecTxResult) []uint32 {
	t.Helper()
	m := new(txv1.Results)
	if err := proto.Unmarshal(r.Data, m); err != nil {
		t.Fatal(err)
	}
	return m.Codes
}

func suspendMember(id string) *governancev1.Action {
	return &governancev1.Action{Action: &governancev1.Action_SuspendMember{SuspendMember: &memberv1.SuspendMember{Member: id, Reason: "a test"}}}
}

func propose(nonce uint64, actions ...*governancev1.Action) []byte {
	return apptest.Draft{Nonce: nonce, Keys: []string{"cnca/approver"}, Messages: []*txv1.Message{apptest.Propose(actions...)}}.Sign()
}
