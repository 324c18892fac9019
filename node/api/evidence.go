package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/evidence"
	"github.com/hallmark-ledger/hallmark/x/member"
)

// AnchorPath names an anchor in a path.
type AnchorPath struct {
	ID string `path:"id" example:"fcdddb62363c4606ce1276fa83e97dc7d071fb02b67afdc940a5d349184110b7" doc:"Id of the anchor. 锚定标识。"`
}

type evidenceInput struct {
	AnchorPath
	At
}

type evidenceListInput struct {
	Subject string `query:"subject" maxLength:"300" example:"certificate/CNCA-R-2002-001/00117Q12345R0M" doc:"What the evidence is about: certificate/ISSUER/NUMBER, engagement/ISSUER/SCHEME/REFERENCE or product/URI. 证据所关于的对象。"`
	Member  string `query:"member" maxLength:"64" doc:"Who fixed it. Name either a subject or a member. 锚定成员；对象与成员二选一。"`
	Page
	At
}

type groundsInput struct {
	AnchorPath
	Page
	At
}

func (s *Server) registerEvidence(a huma.API) {
	read(s, a, operation{
		"get-evidence", "/v1/evidence/{id}", tagEvidence,
		api.Text{En: "Anchor of evidence", Zh: "证据锚定"},
		api.Text{
			En: "What a member fixed by a time: the root and the size of a tree over its evidence, about what, and captured when.",
			Zh: "成员在某时之前固定的证据：证据树的根与叶数、对象与采集时段。",
		},
	}, getEvidence)
	read(s, a, operation{
		"list-evidence", "/v1/evidence", tagEvidence,
		api.Text{En: "Evidence about a subject, or of a member", Zh: "某对象或某成员的证据"},
		api.Text{
			En: "The anchors about a certificate, an engagement or a product, or those that a member filed, in the order of filing.",
			Zh: "关于某证书、委托或产品的锚定，或某成员提交的锚定，按提交先后。",
		},
	}, listEvidence)
	read(s, a, operation{
		"list-evidence-decisions", "/v1/evidence/{id}/decisions", tagEvidence,
		api.Text{En: "Decisions that rest on evidence", Zh: "依据该证据的决定"},
		api.Text{
			En: "The records of certificates whose decision, or whose text, names the anchor.",
			Zh: "决定或证书内容引用该锚定的证书记录。",
		},
	}, listGrounds)
}

// find returns an anchor that must be there.
func (in *AnchorPath) find(v *view) (sm3.Hash, *evidence.Record, error) {
	id, err := parseHash("the id of an anchor", in.ID)
	if err != nil {
		return id, nil, err
	}
	r, ok, err := evidence.Find(v, id)
	if err == nil && !ok {
		err = fail(http.StatusNotFound, "No evidence is anchored under this id.")
	}
	return id, r, err
}

func getEvidence(v *view, in *evidenceInput) (*api.Evidence, error) {
	id, r, err := in.find(v)
	if err != nil {
		return nil, err
	}
	out := evidenceOf(id, r)
	return &out, nil
}

func evidenceOf(id sm3.Hash, r *evidence.Record) api.Evidence {
	words := r.Kind.Words()
	out := api.Evidence{
		ID: id.String(), Member: r.Member, Kind: r.Kind.String(), Text: api.Text{En: words.English, Zh: words.Chinese}, Subject: r.Subject.String(),
		Root: r.Root.String(), Leaves: r.Leaves, From: r.From, To: r.To, Method: r.Method, Retention: r.Retention.String(),
		Height: r.Height, Time: r.Time, Tx: r.Tx.String(), Signers: []api.KeyHolder{},
	}
	for _, s := range r.Signers {
		out.Signers = append(out.Signers, api.KeyHolder{Member: s.Member, Key: hexText(s.Key[:])})
	}
	return out
}

func listEvidence(v *view, in *evidenceListInput) (*api.EvidenceList, error) {
	if (in.Subject == "") == (in.Member == "") {
		return nil, fail(http.StatusUnprocessableEntity, "Name a subject or a member, and not both.")
	}
	first, err := decodeNumberCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	first = max(1, first)
	count, find := byMember(v, in.Member)
	if in.Subject != "" {
		s, err := evidence.ParseSubject(in.Subject)
		if err != nil {
			return nil, err
		}
		count, find = bySubject(v, s)
	} else if err := member.CheckID(in.Member); err != nil {
		return nil, fail(http.StatusUnprocessableEntity, "%s.", upperFirst(err.Error()))
	}
	out := &api.EvidenceList{Items: []api.Evidence{}}
	if out.Total, err = count(); err != nil {
		return nil, err
	}
	ids, err := find(first, int(in.Limit)+1)
	if err != nil {
		return nil, err
	}
	if len(ids) > int(in.Limit) {
		ids = ids[:in.Limit]
		out.Next = encodeNumberCursor(first + uint64(in.Limit))
	}
	for _, id := range ids {
		r, ok, err := evidence.Find(v, id)
		if err != nil {
			return nil, err
		}
		if ok {
			out.Items = append(out.Items, evidenceOf(id, r))
		}
	}
	return out, nil
}

type finder func(first uint64, limit int) ([]sm3.Hash, error)

func byMember(v *view, id string) (count func() (uint64, error), find finder) {
	return func() (uint64, error) { return evidence.Count(v, id) },
		func(first uint64, limit int) ([]sm3.Hash, error) { return evidence.ByMember(v, id, first, limit) }
}

func bySubject(v *view, s evidence.Subject) (count func() (uint64, error), find finder) {
	return func() (uint64, error) { return evidence.CountAbout(v, s) },
		func(first uint64, limit int) ([]sm3.Hash, error) { return evidence.BySubject(v, s, first, limit) }
}

func listGrounds(v *view, in *groundsInput) (*api.GroundList, error) {
	id, _, err := in.find(v)
	if err != nil {
		return nil, err
	}
	after, err := decodeGroundCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	list, err := certificate.Decisions(v, id, after, int(in.Limit)+1)
	if err != nil {
		return nil, err
	}
	out := &api.GroundList{Items: []api.Ground{}}
	if len(list) > int(in.Limit) {
		list = list[:in.Limit]
		out.Next = encodeGroundCursor(list[len(list)-1])
	}
	for _, d := range list {
		r, ok, err := certificate.Record(v, d.Certificate, d.Record)
		if err != nil {
			return nil, err
		}
		if ok {
			out.Items = append(out.Items, api.Ground{
				Certificate: refOf(d.Certificate), Record: d.Record, Action: r.Action.String(), Text: textOf(r.Action.Text()),
				Decided: dateText(r.Decided), Status: r.After.Status.String(),
			})
		}
	}
	return out, nil
}
