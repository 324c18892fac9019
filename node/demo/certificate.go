package demo

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/store"
)

// The national codes of a certificate's status, as far as they occur here.
const (
	statusValid     = "01"
	statusSuspended = "02"
)

// statuses are the names of the codes.
var statuses = map[string]message{
	statusValid:     say("valid", "有效"),
	statusSuspended: say("suspended", "暂停"),
}

// certificate is what the demonstration records of one.
type certificate struct {
	Number  string
	Issuer  string // approval number of the body that issued it
	Holder  string // an organisation
	Scheme  string // national item code
	Status  string // national code
	LastDay string // civil date in Beijing
	Source  string // where the data is from
	Filer   string // id of the body that recorded it
}

// parts are the fields in the order in which they are encoded.
func (c *certificate) parts() []*string {
	return []*string{&c.Number, &c.Issuer, &c.Holder, &c.Scheme, &c.Status, &c.LastDay, &c.Source, &c.Filer}
}

// filing is a certificate with two signatures over its content. Nothing is known
// of them until trust.approve says so.
type filing struct {
	cert                certificate
	certifier, approver sm2.Signature
}

// content is what both sign: the parts as texts (store.AppendText).
func (f filing) content() (b []byte) {
	for _, part := range f.cert.parts() {
		b = store.AppendText(b, *part)
	}
	return b
}

// encode returns content ‖ certifier's signature ‖ approver's signature.
func (f filing) encode() ([]byte, error) {
	b := append(f.content(), f.certifier[:]...)
	return append(b, f.approver[:]...), nil
}

// decodeFiling is the inverse of encode.
func decodeFiling(b []byte) (f filing, err error) {
	for _, part := range f.cert.parts() {
		if *part, b, err = store.CutText(b); err != nil {
			return f, err
		}
	}
	if len(b) != 2*sm2.SignatureSize {
		return f, fmt.Errorf("%d bytes where two signatures belong", len(b))
	}
	f.certifier = sm2.Signature(b[:sm2.SignatureSize])
	f.approver = sm2.Signature(b[sm2.SignatureSize:])
	return f, nil
}

// certificates holds one record for a number, whoever the issuer, so that one
// proof of absence speaks for all of them.
var certificates = store.NewMap("certificate/", store.Text{},
	store.ValueFuncs[filing]{Encode: filing.encode, Decode: decodeFiling})

// file records f.
func file(w store.Writer, f approved) error {
	return certificates.Set(w, f.filing.cert.Number, f.filing)
}

// describe returns lines about c.
func (c certificate) describe() []message {
	return []message{
		plain("%s  %s", c.Number, c.Holder),
		say("  %s, last day %s", "  %s，有效期至 %s", schemes[c.Scheme], c.LastDay),
		plain("  %s  %s", c.Issuer, issuers[c.Issuer]),
	}
}
