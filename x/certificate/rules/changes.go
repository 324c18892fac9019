package rules

import "slices"

// ChangeType is what an amendment is reported as.
type ChangeType struct {
	Code string
	Text
	// Report is the code of the reporting table for products, where there is
	// one.
	Report string
	// For lists the actions that may bear it: amendments, or the one act of
	// which the code follows.
	For []Action
}

// Change types of management systems, also used for services. Source: code
// tables of the certification reporting specification (CNCA),
// management_system_change_type.
var systemChanges = []ChangeType{
	{"01", Text{"change of the organisation's name", "组织更名"}, "", []Action{Name}},
	{"02", Text{"change of the organisation's address", "组织地址变更"}, "", []Action{Address}},
	{"03", Text{"change of other information about the organisation", "组织其它相关信息变更"}, "", []Action{Particulars}},
	{"04", Text{"replacement of the mark", "更换标志"}, "", []Action{Particulars}},
	{"05", Text{"extension of the business scope", "扩大业务范围"}, "", []Action{Extend}},
	{"06", Text{"reduction of the business scope", "缩小业务范围"}, "", []Action{Reduce}},
	{"07", Text{"change of product models or specifications", "变更产品型号规格"}, "", []Action{Model}},
	{"08", Text{"change of the standard", "认证依据标准变更"}, "", []Action{Standard}},
	{"09", Text{"change of the certified organisation's code", "变更获证组织机构代码"}, "", []Action{Name}},
	{"96", Text{"the certificate no longer bears the CNAS mark", "认证证书取消使用CNAS标志"}, "", []Action{Particulars}},
	{"97_01", Text{"change of status: suspended", "证书状态变更：暂停"}, "", []Action{Suspend}},
	{"97_02", Text{"change of status: reinstated", "证书状态变更：恢复"}, "", []Action{Reinstate}},
	{"97_03", Text{"change of status: revoked", "证书状态变更：撤销"}, "", []Action{Revoke, Renew, Transfer}},
	{"97_05", Text{"change of status: expired", "证书状态变更：过期失效"}, "", []Action{Lapse}},
	{"99", Text{"other", "其他"}, "", []Action{Particulars, Correct, Annul, Reverse}},
}

// Change types of products. Source: the same, product_change_type, and
// product_change_type_report for what is reported.
var productChanges = []ChangeType{
	{"01", Text{
		"The way of naming the product changed and with it its name or model, or the name or address of its producer or factory changed; the certificate is changed after the body has verified it.",
		"获证产品命名方式改变导致产品名称、型号变化或者获证产品的生产者、生产企业名称、地址名称发生变更的，经认证机构核实后，变更认证证书"},
		"0201", []Action{Name, Address, Model}},
	{"02", Text{
		"The model changed or models of the same kind were dropped; the certificate is changed after the body has confirmed it.",
		"获证产品型号变更或者获证产品减少同种产品型号的，经认证机构确认后，变更认证证书"},
		"0202", []Action{Reduce, Model}},
	{"03", Text{
		"Key components, specifications or models, or design, structure, process or materials that concern the safety or electromagnetic compatibility of the whole, or the producer of raw materials changed; the certificate is changed after the body has tested the product again.",
		"获证产品的关键元器件、规格和型号，以及涉及整机安全或者电磁兼容的设计、结构、工艺和材料或者原材料生产企业等发生变更的，经认证机构重新检测合格后，变更认证证书"},
		"0203", []Action{Extend, Model, Standard}},
	{"04", Text{
		"The place of production, the quality assurance system or the conditions of production changed; the certificate is changed after the body has inspected the factory again.",
		"获证产品生产企业地点或者其质量保证体系、生产条件等发生变更的，经认证机构重新工厂检查合格后，变更认证证书"},
		"0204", []Action{Address}},
	{"05", Text{"replacement of the mark", "更换认证标志"}, "0299", []Action{Particulars}},
	{"06", Text{"the certificate no longer bears the CNAS accreditation mark", "认证证书取消使用CNAS认可标志"}, "0299", []Action{Particulars}},
	{"07", Text{"the certificate no longer bears an accreditation mark other than CNAS", "认证证书取消使用CNAS以外的认可标志"}, "0299", []Action{Particulars}},
	{"08_01", Text{"change of status: suspended", "证书状态变化：暂停"}, "", []Action{Suspend}},
	{"08_02", Text{"change of status: reinstated", "证书状态变化：恢复"}, "", []Action{Reinstate}},
	{"08_03", Text{"change of status: revoked", "证书状态变化：撤销"}, "", []Action{Revoke}},
	{"08_04", Text{"change of status: cancelled", "证书状态变化：注销"}, "", []Action{Cancel, Lapse, Renew, Transfer}},
	{"98", Text{"erratum in the information of the certificate", "证书信息勘误"}, "", []Action{Correct}},
	{"99", Text{"other", "其他"}, "0299", []Action{Extend, Reduce, Standard, Particulars, Annul, Reverse}},
}

// ChangeTypes returns the change types of the family, in the order of their
// codes.
func (r *Rules) ChangeTypes() []ChangeType { return r.changes }

// CheckChangeType refuses a change type that an action may not be filed with in
// a family: an amendment needs one, nothing else has one.
func CheckChangeType(f Family, a Action, code string) error {
	if !a.Amends() {
		if code != "" {
			return CodeChange.Refuse("%v has no change type, %q was given", a, code)
		}
		return nil
	}
	for _, c := range f.Rules().changes {
		if c.Code == code && slices.Contains(c.For, a) {
			return nil
		}
	}
	return CodeChange.Refuse("%q is not a change type of %v in %v", code, a, f)
}

// ReportedChange returns the change type that an act is reported as, where it
// does not bear one itself: that of its change of status, or of an erratum.
// False for acts that are not reported as changes.
func ReportedChange(f Family, a Action) (ChangeType, bool) {
	if a.Amends() {
		return ChangeType{}, false
	}
	for _, c := range f.Rules().changes {
		if slices.Contains(c.For, a) {
			return c, true
		}
	}
	return ChangeType{}, false
}

// ReissueReason is why a new certificate takes the place of an old one, or a new
// paper that of an old.
type ReissueReason struct {
	Code string
	Text
	For []Action
}

// ReissueReasons lists the reissue reasons. Source: the same, reissue_reason.
var ReissueReasons = []ReissueReason{
	{"0101", Text{"reissued at surveillance", "监督换证书"}, amendOr(Renew)},
	{"0102", Text{"reissued at recertification", "再认证换证书"}, []Action{Renew, Import}},
	{"0103", Text{"reissued at a transfer between bodies", "机构转换证书"}, []Action{Transfer, Import}},
	{"0104", Text{"reissued with changed content", "证书内容变更换证书"}, amendOr(Renew)},
	{"0199", Text{"other", "其他"}, amendOr(Renew)},
}

func amendOr(a Action) []Action {
	return []Action{Extend, Reduce, Name, Address, Model, Standard, Particulars, Import, a}
}

// CheckReissueReason refuses a reissue reason that an action may not bear:
// renewals and transfers need one, amendments and imports may have one.
func CheckReissueReason(a Action, code string) error {
	need := a == Renew || a == Transfer
	if code == "" && !need {
		return nil
	}
	for _, r := range ReissueReasons {
		if r.Code == code && slices.Contains(r.For, a) {
			return nil
		}
	}
	return CodeReissue.Refuse("%q is not a reissue reason of %v", code, a)
}
