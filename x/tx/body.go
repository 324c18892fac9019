package tx

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// checkHead checks the single values of the body. The expiry is judged with
// the time of a block.
func (t *Tx) checkHead(chainID string) *exec.Refusal {
	switch b := t.body; {
	case b.ChainId != chainID:
		return codeWrongChain.Refuse("it is for %.60q, this is %q", b.ChainId, chainID)
	case b.Mode != txv1.Mode_MODE_ALL && b.Mode != txv1.Mode_MODE_EACH:
		return codeMode.Refuse("mode %d", b.Mode)
	case b.Nonce == 0:
		return codeNonceZero.Refuse("the nonce is 0 or missing")
	}
	return nil
}

// checkSigners checks the form of the keys, takes the list of signers, and
// refuses a key that stands there twice, under whatever members.
func (t *Tx) checkSigners() *exec.Refusal {
	if len(t.body.Signers) == 0 {
		return codeNoSigners.Refuse("the list of signers is empty")
	}
	t.signers = make([]Signer, 0, len(t.body.Signers))
	for i, s := range t.body.Signers {
		if len(s.Key) != sm2.PublicKeySize {
			return codeKey.Refuse("the key of signer %d has %d bytes, not %d", i, len(s.Key), sm2.PublicKeySize)
		}
		if s.Key[0] != 2 && s.Key[0] != 3 {
			return codeKey.Refuse("the key of signer %d begins with %02x, not 02 or 03", i, s.Key[0])
		}
		key := [sm2.PublicKeySize]byte(s.Key)
		if j := t.signerOf(key); j >= 0 {
			return codeDuplicateSigner.Refuse("signers %d and %d are the key %x", j, i, key)
		}
		t.signers = append(t.signers, Signer{s.Member, key})
	}
	return nil
}

// signerOf returns the place of key among the signers, or -1.
func (t *Tx) signerOf(key [sm2.PublicKeySize]byte) int {
	return slices.IndexFunc(t.signers, func(s Signer) bool { return s.Key == key })
}

// checkMessages checks which signers each message relies on, that none is
// there for nothing, and counts the records of each actor.
func (t *Tx) checkMessages() *exec.Refusal {
	if len(t.body.Messages) == 0 {
		return codeNoMessages.Refuse("the list of messages is empty")
	}
	used := make([]bool, len(t.signers))
	for i, m := range t.body.Messages {
		if len(m.Signers) == 0 {
			return codeMessageUnsigned.Refuse("message %d", i)
		}
		acts := false
		for j, s := range m.Signers {
			if int64(s) >= int64(len(t.signers)) {
				return codeSignerIndex.Refuse("message %d relies on signer %d of %d, counted from 0", i, s, len(t.signers))
			}
			if j > 0 && s <= m.Signers[j-1] {
				return codeSignerOrder.Refuse("message %d names signer %d after %d", i, s, m.Signers[j-1])
			}
			used[s] = true
			acts = acts || t.signers[s].Member == m.Actor
		}
		if !acts {
			return codeActor.Refuse("message %d acts for %.60q", i, m.Actor)
		}
		t.addRecords(m.Actor, weight(m))
	}
	if i := slices.Index(used, false); i >= 0 {
		return codeUnusedSigner.Refuse("signer %d, of %.60q", i, t.signers[i].Member)
	}
	return nil
}

// addRecords counts records for member. There are at most as many members as
// signers.
func (t *Tx) addRecords(member string, n int) {
	for i := range t.records {
		if t.records[i].member == member {
			t.records[i].n += n
			return
		}
	}
	t.records = append(t.records, records{member, n})
}

// weight is how many records a message counts for in the quotas: one, but each
// key to be registered and each statement of a conflict, since to verify its
// signature costs more than a certificate; and each event of a product, with one
// more for every eight products that it names, whose records it changes.
func weight(m *txv1.Message) int {
	if m.GetReportConflict() != nil {
		return 2
	}
	events := 0
	for _, e := range m.GetCaptureEvents().GetEvents() {
		events += 1 + len(e.GetOthers())/8
	}
	return max(1, len(m.GetAddKeys().GetKeys()), events)
}
