package api

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// cursorConflict is of the list of conflicts: seal key (33) ‖ height (8).
const cursorConflict = 'x'

type conflictsInput struct {
	Page
	At
}

func (s *Server) registerConflicts(a huma.API) {
	read(s, a, operation{
		"list-conflicts", "/v1/conflicts", tagGovernance,
		api.Text{En: "Conflicts on record", Zh: "已上链的签章冲突"},
		api.Text{
			En: "The proofs on the ledger that a seal key signed two different statements of one height, by key and height.",
			Zh: "已记入账本的证据：某签章密钥对同一高度签署了两份不同陈述；按密钥、高度排列。",
		},
	}, listConflicts)
}

func listConflicts(v *view, in *conflictsInput) (*api.ConflictList, error) {
	var start validator.ConflictID
	b, err := decodeCursor(cursorConflict, in.Cursor)
	if err != nil {
		return nil, err
	}
	if b != nil {
		if len(b) != len(start.Key)+8 {
			return nil, errCursor
		}
		start.Key, start.Height = validator.SealKey(b), binary.BigEndian.Uint64(b[len(start.Key):])
	}
	out := &api.ConflictList{Items: []api.Conflict{}}
	err = v.Validator.Conflicts(v, start, func(id validator.ConflictID, c validator.Conflict) (bool, error) {
		if len(out.Items) == int(in.Limit) {
			out.Next = encodeCursor(cursorConflict, binary.BigEndian.AppendUint64(bytes.Clone(id.Key[:]), id.Height))
			return false, nil
		}
		out.Items = append(out.Items, api.Conflict{
			SealConflict: conflictOf(&seal.Conflict{Key: id.Key, Statements: c.Statements, Signatures: c.Signatures}),
			Validator:    c.Validator, Member: c.Member, Reporter: c.Reporter, Reported: c.Reported,
		})
		return true, nil
	})
	return out, err
}

// conflictOf is a conflict with its statements in ascending order, as it is
// reported.
func conflictOf(c *seal.Conflict) api.SealConflict {
	statements := [2][]byte{c.Statements[0].Append(nil), c.Statements[1].Append(nil)}
	signatures := [2]sm2.Signature{c.Signatures[0], c.Signatures[1]}
	if bytes.Compare(statements[0], statements[1]) > 0 {
		statements[0], statements[1] = statements[1], statements[0]
		signatures[0], signatures[1] = signatures[1], signatures[0]
	}
	out := api.SealConflict{Height: c.Statements[0].Height, Key: hex.EncodeToString(c.Key[:])}
	for i := range statements {
		out.Statements[i], out.Signatures[i] = hexText(statements[i]), hexText(signatures[i][:])
	}
	return out
}

// reportOf is the message that puts a conflict on record.
func reportOf(c api.SealConflict) api.ConflictReport {
	return api.ConflictReport{Message: api.ReportConflict{
		Key: c.Key, First: c.Statements[0], FirstSignature: c.Signatures[0], Second: c.Statements[1], SecondSignature: c.Signatures[1],
	}}
}

func (s *Server) sealConflicts(seals Statements, _ *nothing) (*api.SealConflictList, error) {
	list, err := seals.Conflicts(maxConflicts)
	if err != nil {
		return nil, err
	}
	v, err := s.view(0)
	if err != nil {
		return nil, err
	}
	out := &api.SealConflictList{Items: []api.KnownConflict{}}
	for _, c := range list {
		one := api.KnownConflict{SealConflict: conflictOf(&c)}
		one.Report = reportOf(one.SealConflict)
		id := validator.ConflictID{Key: c.Key, Height: one.Height}
		err := v.Validator.Conflicts(v, id, func(found validator.ConflictID, _ validator.Conflict) (bool, error) {
			one.Recorded = found == id
			return false, nil
		})
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, one)
	}
	return out, nil
}
