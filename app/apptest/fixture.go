// Package apptest tests the application without a network: a genesis with members
// and keys that never change, transactions signed by them (Draft), random ones of
// every kind (Gen), and consensus among several applications in one process
// (Network).
//
// A Network gives all nodes the same blocks. Between the calls each node has its
// own: CheckTx in another order, proposals of rounds that are not decided, those
// of proposers that are not honest, crashes after which what was not synced is
// lost and CometBFT's handshake replays what was decided. What the nodes answer
// must be alike, what CometBFT would refuse of it is an error, and so is a fault
// that a node reports.
//
// Its own tests are the ledger's: one root on ten nodes, a simulation against a
// model of the rules, golden roots, and a search for transactions that stop the
// chain. They are short enough for every day; longer runs:
//
//	HALLMARK_BLOCKS=20000 HALLMARK_SEED=7 go test ./app/apptest -run 'TestOneRoot|TestSiege' -timeout 1h
//	go test ./app/apptest -run TestSimulation -rapid.checks=500
//	go test ./app/apptest -run - -fuzz FuzzSiege
package apptest

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/member"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// Chain is the chain's name.
const Chain = "hallmark-test"

// Begin is the genesis time: noon of 2026-06-01 in Beijing.
var Begin = time.Date(2026, 6, 1, 4, 0, 0, 0, time.UTC)

// The certification bodies, by approval number.
const (
	CQC = "CNCA-R-2002-001" // member cqc
	CQM = "CNCA-R-2002-002" // member cqm
)

// institution is a member of the genesis.
type institution struct {
	id    string
	roles []member.Role
	// approval number and schemes, of certification bodies
	approval string
	duties   []string
}

var institutions = []institution{
	{"cnca", []member.Role{member.RoleRegulator}, "", regulator},
	{"samr-bj", []member.Role{member.RoleRegulator}, "", regulator},
	{"samr-gd", []member.Role{member.RoleRegulator}, "", regulator},
	{"cnas", []member.Role{member.RoleAccreditationBody}, "", regulator},
	{"cqc", []member.Role{member.RoleCertificationBody}, CQC, body},
	{"cqm", []member.Role{member.RoleCertificationBody}, CQM, body},
	{"maker", []member.Role{member.RoleOperator}, "", []string{"admin/1", "admin/2", "operator"}},
}

var (
	regulator = []string{"admin/1", "admin/2", "approver", "operator"}
	body      = []string{"admin/1", "admin/2", "certifier", "approver", "operator"}
)

// Schemes are those that both certification bodies are approved for, from 2020
// to 2029: quality management, and compulsory certification.
var Schemes = []string{"A01", "B01"}

// Regulators, in order of their ids.
var Regulators = []string{"cnca", "samr-bj", "samr-gd"}

// Genesis returns the genesis of a chain whose first block is initial, with n
// validators of power 10 each, run in turn by the regulators. It may be changed.
//
// Keys are named by member and duty, "cqc/certifier"; there are two of duty
// admin, "cqc/admin/1" and "cqc/admin/2". A holder is named as the key,
// with dots.
func Genesis(initial uint64, n int) *app.Genesis {
	g := new(app.Genesis)
	for i, in := range institutions {
		p := member.Profile{
			NameZh: "机构" + in.id, NameEn: "Institution " + in.id, Roles: in.roles, Region: "110000",
			USCC: uscc(fmt.Sprintf("911100000000%05d", i)), ApprovalNumber: in.approval,
		}
		if in.id == "cnas" {
			p.Marks = []string{"01"}
		}
		g.Member.Members = append(g.Member.Members, member.GenesisMember{
			ID: in.id, Member: member.Member{Profile: p, Status: member.StatusActive, Change: member.ChangeAdmit},
		})
		for _, duty := range in.duties {
			name := in.id + "/" + duty
			g.Member.Keys = append(g.Member.Keys, member.GenesisKey{
				Key: Key(name).Public().Bytes(), Duty: cutDuty(duty),
				KeyRecord: member.KeyRecord{Member: in.id, Holder: strings.ReplaceAll(name, "/", ".")},
			})
		}
		if in.approval != "" {
			g.Member.Grants = append(g.Member.Grants, member.GenesisGrant{
				Body: in.id, From: "2020-01-01", Until: "2029-12-31", Grant: member.Grant{Schemes: slices.Clone(Schemes)},
			})
		}
	}
	g.Validator = Validators(initial, n)
	return g
}

func cutDuty(name string) string {
	if len(name) > 5 && name[:5] == "admin" {
		return "admin"
	}
	return name
}

// Validators returns validators val-00 to val-(n-1).
func Validators(initial uint64, n int) validator.Genesis {
	g := validator.Genesis{Sets: []validator.GenesisSet{{Begin: initial}}}
	for i := range n {
		name, id := fmt.Sprintf("val-%02d", i), Regulators[i%len(Regulators)]
		consensus, sealKey := ConsensusKey(i).Public().(ed25519.PublicKey), Key("seal/"+name)
		proof := sm2Sign(sealKey, seal.ProofOfPossessionMessage(seal.Possession{
			ChainID: Chain, Member: id, Purpose: validator.PurposeSeal, ConsensusKey: consensus, Key: sealKey.Public().Bytes(),
		}))
		public := sealKey.Public().Bytes()
		g.Sets[0].Validators = append(g.Sets[0].Validators, validator.GenesisValidator{
			Name: name, Member: id, ConsensusKey: hex.EncodeToString(consensus), SealKey: hex.EncodeToString(public[:]), Power: 10,
		})
		g.ConsensusKeys = append(g.ConsensusKeys, validator.GenesisConsensusKey{Key: hex.EncodeToString(consensus), Validator: name, Member: id})
		g.SealKeys = append(g.SealKeys, validator.GenesisSealKey{
			Key: hex.EncodeToString(public[:]), Validator: name, Member: id, ConsensusKey: hex.EncodeToString(consensus), Proof: hex.EncodeToString(proof[:]),
		})
	}
	return g
}

// Key returns the SM2 key with a name. It is always the same.
func Key(name string) *sm2.PrivateKey {
	h := sm3.Sum([]byte("hallmark/apptest/" + name))
	k, err := sm2.NewPrivateKey(h[:])
	if err != nil {
		panic(err)
	}
	return k
}

// ConsensusKey returns the i-th validator's key for consensus.
func ConsensusKey(i int) ed25519.PrivateKey {
	h := sm3.Sum(fmt.Appendf(nil, "hallmark/apptest/consensus/%d", i))
	return ed25519.NewKeyFromSeed(h[:])
}

// uscc adds the check character to 17 others.
func uscc(first string) string {
	for _, c := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		if member.CheckUSCC(first+string(c)) == nil {
			return first + string(c)
		}
	}
	panic(first)
}
