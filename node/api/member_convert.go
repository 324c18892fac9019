package api

import (
	"encoding/hex"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/member"
)

func hexText(b []byte) string { return hex.EncodeToString(b) }

// timeOf returns nil for no time.
func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func memberOf(id string, m *member.Member) api.Member {
	out := api.Member{
		ID: id, NameZh: m.NameZh, NameEn: m.NameEn, USCC: m.USCC, Roles: []string{}, Region: m.Region,
		ApprovalNumber: m.ApprovalNumber, Marks: m.Marks, Version: m.Version, Status: m.Status.String(), Stopped: m.Stopped,
		Caretaker: m.Caretaker, Change: m.Change.String(), Reason: m.Reason, Act: actOf(m.Act),
	}
	for _, r := range m.Roles {
		out.Roles = append(out.Roles, r.String())
	}
	if m.Foreign != (member.ForeignRegistration{}) {
		out.Foreign = &api.Foreign{Country: m.Foreign.Country, Authority: m.Foreign.Authority, Number: m.Foreign.Number}
	}
	return out
}

func actOf(a member.Act) api.Act {
	out := api.Act{Height: a.Height, Time: timeOf(a.Time), Tx: hashText(sm3.Hash(a.TxID)), Member: a.Member, Governed: a.Governed}
	for _, k := range a.Keys {
		out.Keys = append(out.Keys, k.String())
	}
	return out
}

func grantOf(g member.GrantEntry) api.Grant {
	out := api.Grant{
		Number: g.N, By: g.By, Mark: g.Mark, Name: g.Number, Schemes: list(g.Schemes),
		From: dateText(g.From), Until: dateText(g.Until), Act: actOf(g.Act),
	}
	for _, s := range g.Steps {
		out.Steps = append(out.Steps, api.GrantStep{
			Kind: s.Kind.String(), Date: dateText(s.Date), Schemes: s.Schemes, Reason: s.Reason, Act: actOf(s.Act),
		})
	}
	return out
}

// keyOf converts what is known of a key; usable and why are for the caller.
func keyOf(key member.Key, k *member.KeyRecord) api.Key {
	out := api.Key{
		Key: key.String(), Member: k.Member, Duty: k.Duty.String(), Holder: k.Holder,
		Registered: actOf(k.Registered), UsableFrom: timeOf(k.UsableFrom), CompromisedSince: timeOf(k.Compromise.Since),
	}
	if k.Replaces != (member.Key{}) {
		out.Replaces = k.Replaces.String()
	}
	if k.End.Reason != 0 {
		act := actOf(k.End.Act)
		out.EndReason, out.EndAt, out.End = k.End.Reason.String(), timeOf(k.End.At), &act
	}
	return out
}
