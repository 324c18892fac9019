package certificate

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// decidedOf returns the date in the encoding of a record, without reading the
// rest: every act needs the date of the one before it, and nothing else of it.
func decidedOf(record []byte) (civil.Date, error) {
	const field = 9 // Record.decided
	for b := record; len(b) > 0; {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return 0, protowire.ParseError(n)
		}
		if b = b[n:]; number == field && kind == protowire.VarintType {
			v, n := protowire.ConsumeVarint(b)
			d := civil.Date(int32(v))
			if n < 0 || !d.Valid() {
				return 0, errors.New("the date of the decision is none")
			}
			return d, nil
		}
		if n = protowire.ConsumeFieldValue(number, kind, b); n < 0 {
			return 0, protowire.ParseError(n)
		}
		b = b[n:]
	}
	return 0, errors.New("there is no date of the decision")
}

// parseDetails reads the text of a certificate from a message.
func parseDetails(m *certificatev1.Details) (*rules.Details, error) {
	if m == nil {
		return nil, codeMalformed.Refuse("no details")
	}
	d, err := rules.ParseDetails(m)
	if err != nil {
		return nil, codeMalformed.Refuse("details: %v", err)
	}
	return d, nil
}
