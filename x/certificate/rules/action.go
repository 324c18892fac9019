package rules

// Action is what is done to a certificate.
type Action uint8

// The actions of design §6. Extend to Particulars amend the text.
const (
	Issue       Action = 1
	Import      Action = 2
	Suspend     Action = 3
	Reinstate   Action = 4
	Revoke      Action = 5
	Cancel      Action = 6
	Extend      Action = 7  // amend: more scope
	Reduce      Action = 8  // amend: less scope
	Name        Action = 9  // amend: names, the holder's code
	Address     Action = 10 // amend: addresses
	Model       Action = 11 // amend: models, trade marks, GTINs
	Standard    Action = 12 // amend: standards
	Particulars Action = 13 // amend: marks and whatever else the family's change types name
	Correct     Action = 14
	Annul       Action = 15
	Reverse     Action = 16
	Renew       Action = 17 // of the old certificate, and the first of the new one
	Transfer    Action = 18 // of the old certificate, and the first of the new one
	Lapse       Action = 19
	Overdue     Action = 20
	Order       Action = 21
	CloseOrder  Action = 22
	Flag        Action = 23
	Unflag      Action = 24
)

// By is who decides on an action.
type By uint8

// Who decides. Whatever a body decides needs four eyes.
const (
	ByBody             By = 1 // the body that issued the certificate
	ByBodyAndRegulator By = 2
	ByRegulator        By = 3
	ByGovernance       By = 4
	ByChain            By = 5
	ByBothBodies       By = 6 // old and new; governance for a body that has ended
)

// actions holds, for each action, its name, who decides, and whether a body
// that a regulator has stopped may still take it (design §6: suspend, revoke,
// cancel and reduce; annulment needs the regulator anyway, and a transfer lets
// holders leave. To receive one is to issue).
var actions = []struct {
	name    Text
	by      By
	stopped bool
}{
	Issue:       {Text{"issue", "颁发"}, ByBody, false},
	Import:      {Text{"import", "历史导入"}, ByBody, false},
	Suspend:     {Text{"suspend", "暂停"}, ByBody, true},
	Reinstate:   {Text{"reinstate", "恢复"}, ByBody, false},
	Revoke:      {Text{"revoke", "撤销"}, ByBody, true},
	Cancel:      {Text{"cancel", "注销"}, ByBody, true},
	Extend:      {Text{"extend", "扩大范围"}, ByBody, false},
	Reduce:      {Text{"reduce", "缩小范围"}, ByBody, true},
	Name:        {Text{"name", "名称变更"}, ByBody, false},
	Address:     {Text{"address", "地址变更"}, ByBody, false},
	Model:       {Text{"model", "型号规格变更"}, ByBody, false},
	Standard:    {Text{"standard", "依据标准变更"}, ByBody, false},
	Particulars: {Text{"particulars", "其他信息变更"}, ByBody, false},
	Correct:     {Text{"correct", "勘误"}, ByBody, false},
	Annul:       {Text{"annul", "记录作废"}, ByBodyAndRegulator, true},
	Reverse:     {Text{"reverse", "撤回决定"}, ByGovernance, true},
	Renew:       {Text{"renew", "换证"}, ByBody, false},
	Transfer:    {Text{"transfer", "机构转换"}, ByBothBodies, true},
	Lapse:       {Text{"lapse", "到期"}, ByChain, true},
	Overdue:     {Text{"overdue", "暂停逾期"}, ByChain, true},
	Order:       {Text{"order", "责令处理"}, ByRegulator, true},
	CloseOrder:  {Text{"close order", "责令了结"}, ByRegulator, true},
	Flag:        {Text{"flag", "警示"}, ByRegulator, true},
	Unflag:      {Text{"unflag", "解除警示"}, ByRegulator, true},
}

// Actions lists every action.
func Actions() []Action {
	all := make([]Action, 0, len(actions))
	for a := Issue; a.Known(); a++ {
		all = append(all, a)
	}
	return all
}

// Known reports whether a is an action.
func (a Action) Known() bool { return a > 0 && int(a) < len(actions) }

// Amends reports whether a changes the text of a certificate by decision, so
// that its version goes up.
func (a Action) Amends() bool { return a >= Extend && a <= Particulars }

// Begins reports whether a can be the first act on a certificate.
func (a Action) Begins() bool { return a == Issue || a == Import || a == Renew || a == Transfer }

// By returns who decides on a, 0 for an unknown action.
func (a Action) By() By {
	if !a.Known() {
		return 0
	}
	return actions[a].by
}

// OpenToStopped reports whether a body that a regulator has stopped may still
// take a on a certificate that it issued.
func (a Action) OpenToStopped() bool { return a.Known() && actions[a].stopped }

// Text returns the name of a in both languages.
func (a Action) Text() Text {
	if !a.Known() {
		return Text{"unknown", "未知"}
	}
	return actions[a].name
}

func (a Action) String() string { return a.Text().English }
