package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

type historyInput struct {
	CertificatePath
	From
	At
}

type onDateInput struct {
	CertificatePath
	Date string `path:"date" example:"2026-06-01" doc:"Civil date in Beijing. 北京时间民用日期。"`
	At
}

func (s *Server) registerHistory(a huma.API) {
	read(s, a, operation{
		"get-certificate-history", "/v1/certificates/{issuer}/{number}/history", tagCertificates,
		api.Text{En: "History", Zh: "证书历史"},
		api.Text{En: "The records of a certificate, each an act with its reason, actors and dates.", Zh: "证书的历次记录：行为、原因、行为人与日期。"},
	}, getHistory)
	read(s, a, operation{
		"get-certificate-on-date", "/v1/certificates/{issuer}/{number}/on/{date}", tagCertificates,
		api.Text{En: "Status on a date", Zh: "证书在某日的状态"},
		api.Text{
			En: "What held of a certificate at the end of a date. Facts beside its own record, as of its components, are not looked at.",
			Zh: "证书在该日终了时的状态；仅依据证书自身记录，不含部件证书等外部事实。",
		},
	}, getOnDate)
}

func getHistory(v *view, in *historyInput) (*api.History, error) {
	ref, err := parseRef(in.Issuer, in.Number)
	if err != nil {
		return nil, err
	}
	h, ok, err := certificate.Head(v, ref)
	if err != nil || !ok {
		return nil, orNotFound(err, noCertificate(ref))
	}
	out := &api.History{Items: []api.Record{}}
	if in.first() > uint64(h.Records) {
		return out, nil
	}
	records, err := certificate.History(v, ref, uint32(in.first()), int(in.Limit))
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		out.Items = append(out.Items, recordOf(r))
	}
	if n := len(records); n > 0 && records[n-1].N < h.Records {
		out.Next = records[n-1].N + 1
	}
	return out, nil
}

func getOnDate(v *view, in *onDateInput) (*api.OnDate, error) {
	ref, err := parseRef(in.Issuer, in.Number)
	if err != nil {
		return nil, err
	}
	date, err := parseDate(in.Date)
	if err != nil {
		return nil, err
	}
	at, err := v.time()
	if err != nil {
		return nil, err
	}
	if today := (exec.Block{Time: at}).Today(); date > today {
		return nil, fail(http.StatusUnprocessableEntity, "The ledger knows nothing of %v yet; its time is %v.", date, today)
	}
	if _, ok, err := certificate.Head(v, ref); err != nil || !ok {
		return nil, orNotFound(err, noCertificate(ref))
	}
	r, ok, err := certificate.On(v, ref, date)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fail(http.StatusNotFound, "The certificate has no record decided on or before %v.", date)
	}
	e := rules.EffectiveOn(r.After.Standing, date, rules.Facts{})
	return &api.OnDate{Ref: refOf(ref), Date: date.String(), Effective: effectiveOf(r.After.Family, e), Record: recordOf(r)}, nil
}

func recordOf(r *rules.Record) api.Record {
	out := api.Record{
		N: r.N, Action: r.Action.String(), Text: textOf(r.Action.Text()), Status: r.After.Status.String(), Reason: r.After.Reason,
		Decided: dateText(r.Decided), Actor: r.Actor, Height: r.Height, Time: r.Time.UTC(), Tx: hashText(r.Tx),
		Version: r.After.Version, ChangeType: r.ChangeType, ReissueReason: r.ReissueReason, Evidence: hashesText(r.Evidence),
		DetailsHash: r.After.Details.String(), DetailsBefore: hashText(r.DetailsBefore), Until: dateText(r.After.SuspendedUntil),
		Link: optionalRef(r.Link), Reverses: r.Reverses, Imported: r.Imported, Note: r.Note,
	}
	if r.From != rules.None {
		out.From = r.From.String()
	}
	for _, s := range r.Signers {
		out.Signers = append(out.Signers, api.Signer{Member: s.Member, Key: hexText(s.Key[:]), Duty: exec.Duty(s.Duty).String()})
	}
	return out
}
