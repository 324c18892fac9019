package epcis

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/x/trace/gs1"
)

func TestEventView(t *testing.T) {
	e := eventsOf(t, `{"@context":[`+contextURL+`,{"ex":"https://ex.example/"},{"dl":"https://id.gs1.org/01/"}],"type":"EPCISDocument","epcisBody":{"eventList":[{
		"type":"TransformationEvent","eventID":"urn:uuid:1","eventTime":"2026-03-04T11:00:30.123456789+08:00","eventTimeZoneOffset":"+08:00",
		"recordTime":"2026-03-04T03:01:00Z","bizStep":"commissioning","disposition":"urn:epcglobal:cbv:disp:in_progress",
		"readPoint":{"id":"urn:epc:id:sgln:4012345.00011.987"},"bizLocation":{"id":"https://example.com/gln/4012345000115"},
		"transformationID":"urn:epc:id:gdti:4012345.55555.1234",
		"inputEPCList":["urn:epc:id:sgtin:4012345.011122.25","dl:04012345999990/21/7"],
		"inputQuantityList":[{"epcClass":"urn:epc:class:lgtin:4012345.011111.4444","quantity":10.50,"uom":"KGM"}],
		"outputEPCList":["https://id.gs1.org/01/04012345999991"],"outputQuantityList":[{"epcClass":"ex:bulk"}],
		"errorDeclaration":{"declarationTime":"2026-03-05T00:00:00Z","reason":"incorrect_data","correctiveEventIDs":["urn:uuid:2","urn:uuid:3"]}}]}}`)[0]
	if want := time.Date(2026, 3, 4, 3, 0, 30, 123456789, time.UTC); !e.Time.Equal(want) || e.Time.Location() != time.UTC {
		t.Errorf("time %v", e.Time)
	}
	if want := time.Date(2026, 3, 4, 3, 1, 0, 0, time.UTC); !e.RecordTime.Equal(want) {
		t.Errorf("record time %v", e.RecordTime)
	}
	got := []string{e.Type, e.ID, e.Offset, e.Action, e.BizStep, e.Disposition, e.ReadPoint, e.BizLocation, e.TransformationID}
	want := []string{
		"TransformationEvent", "urn:uuid:1", "+08:00", "", cbv + "BizStep-commissioning", cbv + "Disp-in_progress",
		"https://id.gs1.org/414/4012345000115/254/987", "https://id.gs1.org/414/4012345000115", "https://id.gs1.org/253/40123455555541234",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	type mention struct {
		role                Role
		name, quantity, uom string
		err                 error
	}
	var mentions []mention
	for _, m := range e.Products {
		err := m.Err
		if errors.Is(err, gs1.ErrCheckDigit) {
			err = gs1.ErrCheckDigit
		}
		mentions = append(mentions, mention{m.Role, m.Product.String(), m.Quantity, m.Unit, err})
	}
	if want := []mention{
		{RoleInput, "https://id.gs1.org/01/04012345111224/21/25", "", "", nil},
		{RoleInput, "https://id.gs1.org/01/04012345999990/21/7", "", "", nil},
		{RoleOutput, "", "", "", gs1.ErrCheckDigit},
		{RoleInputQuantity, "https://id.gs1.org/01/04012345111118/10/4444", "10.50", "KGM", nil},
		{RoleOutputQuantity, "https://ex.example/bulk", "", "", nil},
	}; !reflect.DeepEqual(mentions, want) {
		t.Errorf("got %v, want %v", mentions, want)
	}
	if d := e.Error; d == nil || d.Reason != cbv+"ER-incorrect_data" || !d.Time.Equal(time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)) ||
		!reflect.DeepEqual(d.Corrective, []string{"urn:uuid:2", "urn:uuid:3"}) {
		t.Errorf("error declaration %+v", e.Error)
	}
}

// What the reference implementation cannot hash has a hash here.
func TestHashWhereTheReferenceFails(t *testing.T) {
	const head, tail = `{"@context":[` + contextURL + `,{"ex":"https://ex.example/"}],"type":"ObjectEvent","eventTimeZoneOffset":"+08:00","action":"OBSERVE"`, `}`
	const time0 = `,"eventTime":"2026-03-04T11:00:30Z"`
	const begin = "eventType=ObjectEventeventTime=2026-03-04T11:00:30.000ZeventTimeZoneOffset=+08:00action=OBSERVE"
	for _, c := range []struct{ fields, want string }{
		{`,"eventTime":"2026-03-04T11:00:29.9996Z"`, begin},
		{`,"eventTime":"2025-12-31T23:59:59.9999-00:30"`, "eventType=ObjectEventeventTime=2026-01-01T00:30:00.000ZeventTimeZoneOffset=+08:00action=OBSERVE"},
		{`,"eventTime":"2016-12-31T23:59:60Z"`, "eventType=ObjectEventeventTime=2016-12-31T23:59:60ZeventTimeZoneOffset=+08:00action=OBSERVE"},
		{time0 + `,"bizTransactionList":[{"bizTransaction":"http://t.example/1"}]`, begin + "bizTransactionListbizTransaction=http://t.example/1"},
		{time0 + `,"bizTransactionList":[{"bizTransaction":"http://t.example/1","type":"po"}]`, begin + "bizTransactionListtype=" + cbv + "BTT-pobizTransaction=http://t.example/1"},
		{time0 + `,"ex:n":1e400,"ex:i":"Infinity"`, begin + "{https://ex.example/}i=Infinity{https://ex.example/}n=1e400"},
		{time0 + `,"ex:n":{"#text":5}`, begin + "{https://ex.example/}n=5"},
	} {
		if got := eventsOf(t, head+c.fields+tail)[0].Prehash(); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.fields, got, c.want)
		}
	}
}
