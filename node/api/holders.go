package api

import (
	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

type numberInput struct {
	Number string `path:"number" example:"00117Q12345R0M/3700" doc:"Number of the certificate; write / as %2F. 证书编号；其中的 / 写作 %2F。"`
	At
}

type holderInput struct {
	Holder string `path:"holder" example:"91371323760038087M" doc:"Unified social credit code, organisation code or foreign id. 统一社会信用代码、组织机构代码或境外标识。"`
	Page
	At
}

func (s *Server) registerHolders(a huma.API) {
	read(s, a, operation{
		"get-number", "/v1/numbers/{number}", tagCertificates,
		api.Text{En: "Issuers of a number", Zh: "编号的发证机构"},
		api.Text{
			En: "Every body that has issued a certificate with the number. None says that a certificate with it is forged.",
			Zh: "曾以该编号发证的全部机构；为空即表明带有该编号的证书系伪造。",
		},
	}, getIssuers)
	read(s, a, operation{
		"list-holder-certificates", "/v1/holders/{holder}/certificates", tagCertificates,
		api.Text{En: "Certificates of a holder", Zh: "组织持有的证书"},
		api.Text{En: "The certificates of a holder at every body, whatever their status.", Zh: "组织在各机构取得的全部证书，不论状态。"},
	}, listHolderCertificates)
	read(s, a, operation{
		"list-holder-bars", "/v1/holders/{holder}/bars", tagCertificates,
		api.Text{En: "Bars of a holder", Zh: "组织的受限记录"},
		api.Text{
			En: "What keeps a holder from certificates, also if it is over, by scope and from the last to the first.",
			Zh: "禁止组织取得证书的限制（含已届满者），按范围分列，新者在前。",
		},
	}, listBars)
}

func getIssuers(v *view, in *numberInput) (*api.Issuers, error) {
	if _, err := parseRef(anyIssuer, in.Number); err != nil {
		return nil, err
	}
	issuers, err := certificate.Issuers(v, in.Number)
	return &api.Issuers{Number: in.Number, Issuers: list(issuers)}, err
}

// anyIssuer is well formed, so that Ref.Check says what is wrong with a number.
const anyIssuer = "CNCA"

func listHolderCertificates(v *view, in *holderInput) (*api.CertificateList, error) {
	if err := rules.CheckHolder(in.Holder); err != nil {
		return nil, err
	}
	return v.certificates(in.Page, func(after rules.Ref, limit int) ([]rules.Ref, error) {
		return certificate.ByHolder(v, in.Holder, after, limit)
	})
}

// maxBarSkip bounds how far the bars of one holder are paged through.
const maxBarSkip = 100_000

func listBars(v *view, in *holderInput) (*api.BarList, error) {
	if err := rules.CheckHolder(in.Holder); err != nil {
		return nil, err
	}
	skip, err := decodeNumberCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	if skip > maxBarSkip {
		return nil, errCursor
	}
	bars, err := certificate.Bars(v, in.Holder, int(skip), int(in.Limit)+1)
	if err != nil {
		return nil, err
	}
	out := &api.BarList{Items: []api.Bar{}}
	if len(bars) > int(in.Limit) {
		bars = bars[:in.Limit]
		out.Next = encodeNumberCursor(skip + uint64(in.Limit))
	}
	for _, b := range bars {
		out.Items = append(out.Items, api.Bar{
			Scope: b.Scope, Since: dateText(b.Since), Until: dateText(b.Until), Reason: b.Reason, Certificate: refOf(b.Certificate),
		})
	}
	return out, nil
}
