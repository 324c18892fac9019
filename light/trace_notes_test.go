package light

import (
	"slices"
	"testing"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
)

// doubts makes products of which a verdict holds with a note, and calls at for each
// with what it is, and the note; the empty code for none.
func (l *traces) doubts(at func(name, uri, code, detail string)) {
	l.Helper()
	const backDated, bare, passedOn = "https://example.com/back-dated", "https://example.com/bare", "https://example.com/passed-on"
	l.register("maker", backDated, l.certifyFor("maker", "Q-6"))
	l.register("maker", bare)
	l.register("maker", passedOn, l.certifyFor("maker", "Q-7"))
	for _, uri := range []string{bare, passedOn} {
		l.capture("maker", uri, l.event("of "+uri))
	}
	l.send([]string{"maker/operator"}, &tracev1.LinkCertificates{Product: bare, Add: []*certificatev1.Ref{l.certifyFor("maker", "Q-8")}})
	sold, more := l.event("back-dated"), l.event("reported on the next day")
	more.Time++
	l.to(l.today()+1, 9)
	l.capture("maker", backDated, more)
	at("reported late, the certificate still valid", backDated, "", "")
	l.to(l.today()+1, 9)
	l.suspend("Q-6")
	recorded := l.today().String()
	l.capture("maker", backDated, sold)
	at("reported late, on the day of the seal", backDated, "reported-late", "event 3, recorded "+recorded+", "+apptest.CQC+"/Q-6: suspended")
	at("no certificate at an event", bare, "no-certificates-at-event", "event 2")
	at("the holder as it was", passedOn, "", "")
	l.send(append(eyes("cqc"), "samr-bj/approver"), &certificatev1.Correct{Number: "Q-7", Decided: int32(l.today()), Note: "another holder", Holder: l.holders["cellco"]})
	l.to(l.today()+1, 9)
	at("reported late", backDated, "reported-late", "event 3, recorded "+recorded+", "+apptest.CQC+"/Q-6: suspended")
	at("the holder changed", passedOn, "holder-changed", "event 2, "+apptest.CQC+"/Q-7")
}

func TestTracedNotes(t *testing.T) {
	l := newTraces(t)
	l.doubts(func(name, uri, code, detail string) {
		t.Helper()
		v := l.verdict(traced(uri))
		is(t, v, Holds, "traced")
		for _, doubt := range []Reason{noteReportedLate, noteNoneAtEvent, noteHolderChanged} {
			i := slices.IndexFunc(v.Notes, func(r Reason) bool { return r.Code == doubt.Code })
			if (i >= 0) != (doubt.Code == code) || i >= 0 && v.Notes[i].Detail != detail {
				t.Errorf("%s: notes %v, want %s (%s)", name, v.Notes, code, detail)
			}
		}
	})
}
