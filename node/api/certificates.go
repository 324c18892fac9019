package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// CertificatePath names a certificate in a path.
type CertificatePath struct {
	Issuer string `path:"issuer" example:"CNCA-R-2002-001" doc:"Approval number of the body. 认证机构批准号。"`
	Number string `path:"number" example:"00117Q12345R0M/3700" doc:"Number of the certificate; write / as %2F. 证书编号；其中的 / 写作 %2F。"`
}

type certificateInput struct {
	CertificatePath
	At
}

type versionInput struct {
	CertificatePath
	Version uint64 `path:"n" minimum:"1" maximum:"4294967295" doc:"Version of the text, from 1. 证书内容版本，从 1 起。"`
	At
}

type dependantsInput struct {
	CertificatePath
	Page
	At
}

func (s *Server) registerCertificates(a huma.API) {
	read(s, a, operation{
		"get-certificate", "/v1/certificates/{issuer}/{number}", tagCertificates,
		api.Text{En: "Certificate", Zh: "证书"},
		api.Text{
			En: "A certificate with its text, its effective status at the time of the block, and the grounds of each flag.",
			Zh: "证书全文、按区块时间计算的有效状态及各标志的依据。",
		},
	}, getCertificate)
	read(s, a, operation{
		"get-certificate-version", "/v1/certificates/{issuer}/{number}/versions/{n}", tagCertificates,
		api.Text{En: "Text of a version", Zh: "证书某版本内容"},
		api.Text{En: "The text of a certificate as it was in a version.", Zh: "证书在指定版本时的内容。"},
	}, getVersion)
	read(s, a, operation{
		"list-dependants", "/v1/certificates/{issuer}/{number}/dependants", tagCertificates,
		api.Text{En: "Dependants", Zh: "依赖该证书的证书"},
		api.Text{
			En: "Certificates that rest on this one, as a component or as their main certificate.",
			Zh: "以该证书为部件证书或主证书的证书。",
		},
	}, listDependants)
}

func getCertificate(v *view, in *certificateInput) (*api.Certificate, error) {
	ref, err := parseRef(in.Issuer, in.Number)
	if err != nil {
		return nil, err
	}
	c, ok, err := v.certificate(ref)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, noCertificate(ref)
	}
	d, ok, err := certificate.Details(v, ref)
	if err != nil {
		return nil, err
	}
	if ok {
		c.Details = detailsOf(d)
	}
	return c, nil
}

func noCertificate(ref rules.Ref) error {
	return fail(http.StatusNotFound, "The body %s has issued no certificate with the number %s. /v1/numbers/{number} says whether another has.", ref.Issuer, ref.Number)
}

func getVersion(v *view, in *versionInput) (*api.Details, error) {
	ref, err := parseRef(in.Issuer, in.Number)
	if err != nil {
		return nil, err
	}
	h, ok, err := certificate.Head(v, ref)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, noCertificate(ref)
	}
	var d *rules.Details
	if in.Version == uint64(h.Version) {
		d, ok, err = certificate.Details(v, ref)
	} else {
		d, ok, err = certificate.Former(v, ref, uint32(in.Version))
	}
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fail(http.StatusNotFound, "The certificate has versions 1 to %d.", h.Version)
	}
	return detailsOf(d), nil
}

func listDependants(v *view, in *dependantsInput) (*api.CertificateList, error) {
	ref, err := parseRef(in.Issuer, in.Number)
	if err != nil {
		return nil, err
	}
	if _, ok, err := certificate.Head(v, ref); err != nil || !ok {
		return nil, orNotFound(err, noCertificate(ref))
	}
	return v.certificates(in.Page, func(after rules.Ref, limit int) ([]rules.Ref, error) {
		return certificate.Dependants(v, ref, after, limit)
	})
}

// orNotFound returns err, or what says that the thing is not there.
func orNotFound(err, missing error) error {
	if err != nil {
		return err
	}
	return missing
}

// certificates is a page of certificates without their texts.
func (v *view) certificates(p Page, find func(after rules.Ref, limit int) ([]rules.Ref, error)) (*api.CertificateList, error) {
	after, err := decodeRefCursor(p.Cursor)
	if err != nil {
		return nil, err
	}
	refs, err := find(after, int(p.Limit)+1)
	if err != nil {
		return nil, err
	}
	out := &api.CertificateList{Items: []api.Certificate{}}
	if len(refs) > int(p.Limit) {
		refs = refs[:p.Limit]
		out.Next = encodeRefCursor(refs[len(refs)-1])
	}
	for _, ref := range refs {
		c, ok, err := v.certificate(ref)
		if err != nil {
			return nil, err
		}
		if ok {
			out.Items = append(out.Items, *c)
		}
	}
	return out, nil
}
