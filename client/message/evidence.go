package message

import (
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/evidence"
)

// AnchorEvidence returns the message that files an anchor, for the anchor's
// member. The error says what is wrong with the anchor, as a ledger would; whether
// its subject is there, and whether the member may, only a node can say.
func AnchorEvidence(a *evidence.Anchor) (*txv1.Message, error) {
	if err := a.Check(); err != nil {
		return nil, err
	}
	return &txv1.Message{Actor: a.Member, Action: &txv1.Message_AnchorEvidence{
		AnchorEvidence: &evidencev1.AnchorEvidence{Anchor: evidence.AnchorMessage(a)},
	}}, nil
}
