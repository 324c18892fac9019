package apptest

import (
	"crypto/ed25519"
	"fmt"
	"math"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// Action returns a governed action of any kind.
func (g *Gen) Action() *governancev1.Action {
	id := g.member()
	switch g.Choose(24) {
	case 0, 1:
		id = pick(g, "newcb", "newcb", "lab-a", "samr-sh", "nobody", "cqc", "Bad Id")
		a := &memberv1.AdmitMember{Member: id, Profile: Profile(id)}
		for _, duty := range []string{"admin/1", "admin/2", "approver", "certifier"} {
			if duty != "certifier" || id == "newcb" || g.one(8) {
				if (id != "nobody" || duty[0] == 'a' && duty[1] == 'd') && !g.one(12) {
					a.Keys = append(a.Keys, NewKey(id+"/"+duty))
				}
			}
		}
		return &governancev1.Action{Action: &governancev1.Action_AdmitMember{AdmitMember: a}}
	case 2:
		a := &memberv1.AmendMember{Member: id, Profile: Profile(id)}
		switch g.Choose(5) {
		case 0:
			a.Profile.NameEn = "Another name"
		case 1:
			a.Profile.Roles = []memberv1.Role{memberv1.Role(1 + g.Choose(7))}
		case 2:
			a.Profile.ApprovalNumber = "CNCA-R-2026-101"
		case 3:
			a.Profile.Uscc = Profile("cqc").Uscc
		}
		return &governancev1.Action{Action: &governancev1.Action_AmendMember{AmendMember: a}}
	case 3:
		if id = g.body(); g.one(6) {
			id = g.member()
		}
		return &governancev1.Action{Action: &governancev1.Action_SuspendMember{SuspendMember: &memberv1.SuspendMember{Member: id, Reason: g.reason()}}}
	case 4, 5:
		return &governancev1.Action{Action: &governancev1.Action_ReinstateMember{ReinstateMember: &memberv1.ReinstateMember{Member: id, Reason: g.reason()}}}
	case 6:
		if !g.one(2) {
			id = pick(g, "newcb", "lab-a", "samr-sh", "maker")
		}
		return &governancev1.Action{Action: &governancev1.Action_RemoveMember{RemoveMember: &memberv1.RemoveMember{Member: id, Reason: g.reason()}}}
	case 7, 8:
		a := &memberv1.ApproveSchemes{Body: g.body(), Schemes: g.schemes(), From: g.day(0, -10, -400, 3), Until: g.day(1000, 100, -3)}
		return &governancev1.Action{Action: &governancev1.Action_ApproveSchemes{ApproveSchemes: a}}
	case 9:
		a := &memberv1.RestrictApproval{Body: g.body(), Grant: g.grant(), Schemes: g.schemes(), Reason: g.reason()}
		return &governancev1.Action{Action: &governancev1.Action_RestrictApproval{RestrictApproval: a}}
	case 10:
		a := &memberv1.RevokeApproval{Body: g.body(), Grant: g.grant(), Reason: g.reason()}
		return &governancev1.Action{Action: &governancev1.Action_RevokeApproval{RevokeApproval: a}}
	case 11:
		a := &memberv1.RecoverKeys{Member: id}
		for range 1 + g.Choose(3) {
			a.Keys = append(a.Keys, g.newKey(id, pick(g, "admin", "admin", "admin", "admin", "admin", "operator")))
		}
		return &governancev1.Action{Action: &governancev1.Action_RecoverKeys{RecoverKeys: a}}
	case 12:
		return &governancev1.Action{Action: &governancev1.Action_NameCaretaker{NameCaretaker: &memberv1.NameCaretaker{Member: id, Caretaker: g.body()}}}
	case 13:
		a := &memberv1.DeclareCompromise{Key: g.publicKey(id), Since: g.since()}
		return &governancev1.Action{Action: &governancev1.Action_DeclareCompromise{DeclareCompromise: a}}
	case 14, 15:
		return &governancev1.Action{Action: &governancev1.Action_SetValidators{SetValidators: g.setValidators()}}
	case 16:
		return &governancev1.Action{Action: &governancev1.Action_SetParameters{SetParameters: g.setParameters()}}
	case 17, 22, 23:
		now := g.Now.Unix()
		a := &governancev1.OpenImportWindow{
			Body: g.body(), From: now + int64(pick(g, 0, 0, 0, 0, -1000, 100)), Until: now + int64(pick(g, 86400, 30*86400, 80*86400, 80*86400, 80*86400, 200*86400, -1)), MaxRecords: uint64(pick(g, 2, 100, 100, 100, 0, 2_000_000)),
		}
		if g.Wild && g.one(3) {
			a.From, a.Until, a.MaxRecords = pick[int64](g, 0, math.MaxInt64-1, math.MinInt64, now), pick[int64](g, math.MaxInt64, 1, now+1), pick[uint64](g, math.MaxUint64, 1)
		}
		return &governancev1.Action{Action: &governancev1.Action_OpenImportWindow{OpenImportWindow: a}}
	case 18:
		a := &governancev1.ScheduleUpgrade{Name: pick(g, "second", "third", "x"), Height: uint64(g.Height) + uint64(pick(g, 1000000, 2000000, 5)), AppVersion: uint64(pick(g, 2, 3, 0))}
		if g.Wild && g.one(3) {
			a.Height, a.AppVersion = pick[uint64](g, math.MaxUint64, 1<<62, 1<<62+1, 1<<63), math.MaxUint64
		}
		return &governancev1.Action{Action: &governancev1.Action_ScheduleUpgrade{ScheduleUpgrade: a}}
	case 19:
		return &governancev1.Action{Action: &governancev1.Action_CancelUpgrade{CancelUpgrade: &governancev1.CancelUpgrade{Name: pick(g, "second", "third", "")}}}
	case 20:
		r := g.ref()
		a := &certificatev1.ReverseDecision{Issuer: r.Issuer, Number: r.Number, Note: g.reason(), Record: uint32(g.Choose(7))}
		if g.Wild && g.one(6) {
			a.Record = math.MaxUint32
		}
		return &governancev1.Action{Action: &governancev1.Action_ReverseDecision{ReverseDecision: a}}
	default:
		a := &certificatev1.ReleaseCertificates{Issuer: pick(g, CQC, CQM, NewCB, "CNCA-R-1999-99"), Receiver: g.body(), Until: g.day(100, 10, 0, -1)}
		return &governancev1.Action{Action: &governancev1.Action_ReleaseCertificates{ReleaseCertificates: a}}
	}
}

// ---- Validators

// SealKeyOf returns a seal key of a validator, by the key's name, and its proof.
func SealKeyOf(key, member string, consensus []byte) (public [33]byte, proof []byte) {
	k := Key("seal/" + key)
	public = k.Public().Bytes()
	sig := sm2Sign(k, seal.ProofOfPossessionMessage(seal.Possession{
		ChainID: Chain, Member: member, Purpose: validator.PurposeSeal, ConsensusKey: consensus, Key: public,
	}))
	return public, sig[:]
}

// validators are names that validators have, or may have.
var validators = []string{"val-00", "val-01", "val-02", "val-03", "val-04", "val-05"}

func consensus(i int) []byte { return ConsensusKey(i).Public().(ed25519.PublicKey) }

func (g *Gen) power() uint64 {
	if g.Wild && g.one(2) {
		return pick[uint64](g, 0, 1, math.MaxInt64/8, math.MaxInt64/8+1, math.MaxInt64, math.MaxUint64)
	}
	return uint64(pick(g, 1, 5, 10, 10, 10, 11, 12, 14, 20, 0))
}

func (g *Gen) setValidators() *validatorv1.SetValidators {
	a := &validatorv1.SetValidators{Exempt: g.one(8)}
	for range 1 + g.Choose(2) {
		i := g.Choose(len(validators))
		name := validators[i]
		c := &validatorv1.Change{}
		g.made++
		key := i
		if !g.one(3) {
			key = 1000 + g.made
		}
		switch g.Choose(6) {
		case 0, 1:
			id := pick(g, "cnca", "cqc", "cqm", "samr-bj", "maker", "newcb")
			public, proof := SealKeyOf(fmt.Sprintf("%s/%d", name, g.made), id, consensus(key))
			c.Change = &validatorv1.Change_Add{Add: &validatorv1.AddValidator{
				Name: name, Member: id, ConsensusKey: consensus(key), SealKey: public[:], SealProof: proof, Power: g.power(),
			}}
		case 2:
			c.Change = &validatorv1.Change_Remove{Remove: &validatorv1.RemoveValidator{Name: name}}
		case 3:
			c.Change = &validatorv1.Change_SetPower{SetPower: &validatorv1.SetPower{Name: name, Power: g.power()}}
		case 4:
			c.Change = &validatorv1.Change_ReplaceConsensusKey{ReplaceConsensusKey: &validatorv1.ReplaceConsensusKey{Name: name, ConsensusKey: consensus(key)}}
		case 5:
			public, proof := SealKeyOf(fmt.Sprintf("%s/%d", name, g.made), Regulators[i%3], consensus(i))
			c.Change = &validatorv1.Change_ReplaceSealKey{ReplaceSealKey: &validatorv1.ReplaceSealKey{Name: name, SealKey: public[:], SealProof: proof}}
		}
		a.Changes = append(a.Changes, c)
	}
	if g.Wild && g.one(8) {
		for i := range 100 {
			public, proof := SealKeyOf(fmt.Sprint("many", i), "cnca", consensus(2000+i))
			a.Changes = append(a.Changes, &validatorv1.Change{Change: &validatorv1.Change_Add{Add: &validatorv1.AddValidator{
				Name: fmt.Sprint("many-", i), Member: "cnca", ConsensusKey: consensus(2000 + i), SealKey: public[:], SealProof: proof, Power: 1,
			}}})
		}
	}
	return a
}

func (g *Gen) rotateSealKey() message {
	i := g.Choose(4)
	id := Regulators[i%3]
	g.made++
	public, proof := SealKeyOf(fmt.Sprintf("%s/%d", validators[i], g.made), id, consensus(i))
	m := &validatorv1.RotateSealKey{Name: validators[i], SealKey: public[:], SealProof: proof}
	if g.one(8) {
		m.SealProof[3] ^= 1
	}
	return message{id, g.admins(id), &txv1.Message{Action: &txv1.Message_RotateSealKey{RotateSealKey: m}}}
}

// ConflictOf returns the report that the seal key with a name signed two
// statements of a height.
func ConflictOf(key string, height uint64) *validatorv1.ReportConflict {
	k := Key("seal/" + key)
	public := k.Public().Bytes()
	m := &validatorv1.ReportConflict{Key: public[:]}
	m.First, m.FirstSignature = stated(k, height, 1)
	m.Second, m.SecondSignature = stated(k, height, 2)
	return m
}

// stated returns a statement of a block whose hash begins with n, and its signature.
func stated(k *sm2.PrivateKey, height uint64, n byte) (statement, signature []byte) {
	st := seal.Statement{Chain: sm3.Sum([]byte(Chain)), Genesis: sm3.Hash{1}, AppVersion: 1, Height: height, Block: [32]byte{n}, Set: sm3.Hash{2}}
	b := st.Append(nil)
	sig := sm2Sign(k, b)
	return b, sig[:]
}

func (g *Gen) reportConflict() message {
	key := pick(g, validators...)
	if g.one(4) {
		key = fmt.Sprintf("%s/%d", key, 1+g.Choose(g.made+1)) // perhaps a rotated one
	}
	height := uint64(max(1, g.Height-int64(g.Choose(12)))) // this block is too early
	m := ConflictOf(key, height)
	switch g.Choose(12) {
	case 0:
		m.SecondSignature[5] ^= 1
	case 1:
		m.First, m.Second, m.FirstSignature, m.SecondSignature = m.Second, m.First, m.SecondSignature, m.FirstSignature
	case 2:
		m.First[64] ^= 1 // another chain
		m.Second[64] ^= 1
	}
	id := g.member()
	return message{id, []string{g.key(id, "operator")}, &txv1.Message{Action: &txv1.Message_ReportConflict{ReportConflict: m}}}
}

// parameters are values that parameters may get, and some that they may not.
var parameters = map[governancev1.Parameter][]uint64{
	1: {3600, 72 * 3600, 59, 30 * 86400}, 2: {100, 20000, 200, 99}, 3: {100, 50000, 10_000_001}, 4: {1, 10000, 100, 0}, 5: {4, 16, 3},
	6: {1 << 20, 128 << 10, 1}, 7: {20, 30, 19}, 8: {60, 86400, 59}, 9: {3600, 30 * 86400, 3599}, 10: {1, 2, 1000, 0}, 11: {3600, 90 * 86400, 1}, 12: {1, 1000000, 0},
}

func (g *Gen) setParameters() *governancev1.SetParameters {
	a := &governancev1.SetParameters{}
	for range g.Choose(3) {
		p := governancev1.Parameter(1 + g.Choose(12))
		a.Changes = append(a.Changes, &governancev1.ParameterChange{Parameter: p, Value: pick(g, parameters[p]...)})
	}
	if g.one(2) {
		kind := pick(g, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 20, 25, 26, 27, 28, 30, 31, 12)
		t := pick(g, [2]uint32{2, 3}, [2]uint32{1, 1}, [2]uint32{501, 1000}, [2]uint32{1, 2}, [2]uint32{3, 2}, [2]uint32{1, 0})
		a.Thresholds = append(a.Thresholds, &governancev1.Threshold{Kind: governancev1.ActionKind(kind), Numerator: t[0], Denominator: t[1]})
	}
	return a
}
