package message

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/hallmark-ledger/hallmark/api"
)

// ActionName is what an action is called in words; its name is that of the field
// in Message or Action, as suspend_accreditation.
func ActionName(name string) (api.Text, bool) {
	t, ok := actions[protoreflect.Name(name)]
	return t, ok
}

func actionName(name protoreflect.Name) api.Text {
	if t, ok := actions[name]; ok {
		return t
	}
	return api.Text{En: plain(name), Zh: string(name)}
}

func fieldName(name protoreflect.Name) api.Text {
	if zh, ok := fieldNames[name]; ok {
		return api.Text{En: plain(name), Zh: zh}
	}
	return api.Text{En: plain(name), Zh: string(name)}
}

func plain(name protoreflect.Name) string { return strings.ReplaceAll(string(name), "_", " ") }

var actions = map[protoreflect.Name]api.Text{
	"add_keys":                {En: "register keys", Zh: "登记密钥"},
	"cancel_pending_key":      {En: "cancel a key that is not yet usable", Zh: "取消尚未生效的密钥"},
	"revoke_key":              {En: "revoke a key", Zh: "撤销密钥"},
	"rotate_key":              {En: "replace a key by a new one", Zh: "轮换密钥"},
	"report_compromise":       {En: "report a key compromised", Zh: "报告密钥失密"},
	"accredit":                {En: "accredit a body", Zh: "授予认可"},
	"suspend_accreditation":   {En: "suspend an accreditation", Zh: "暂停认可"},
	"reinstate_accreditation": {En: "reinstate an accreditation", Zh: "恢复认可"},
	"withdraw_accreditation":  {En: "withdraw an accreditation", Zh: "撤销认可"},
	"stop_body":               {En: "stop a body", Zh: "责令机构停止业务"},
	"resume_body":             {En: "let a stopped body resume", Zh: "恢复机构业务"},
	"propose":                 {En: "propose", Zh: "提案"},
	"approve":                 {En: "approve a proposal", Zh: "赞成提案"},
	"reject":                  {En: "reject a proposal", Zh: "反对提案"},
	"withdraw":                {En: "withdraw a proposal", Zh: "撤回提案"},
	"rotate_seal_key":         {En: "replace the seal key of a validator", Zh: "轮换签章密钥"},
	"report_conflict":         {En: "prove that a seal key signed two statements", Zh: "举报签章密钥签署冲突陈述"},
	"issue":                   {En: "issue a certificate", Zh: "颁发证书"},
	"import":                  {En: "import a certificate", Zh: "导入证书"},
	"suspend":                 {En: "suspend a certificate", Zh: "暂停证书"},
	"reinstate":               {En: "reinstate a certificate", Zh: "恢复证书"},
	"revoke":                  {En: "revoke a certificate", Zh: "撤销证书"},
	"cancel":                  {En: "cancel a certificate", Zh: "注销证书"},
	"amend":                   {En: "amend a certificate", Zh: "变更证书"},
	"correct":                 {En: "correct an erratum", Zh: "更正证书"},
	"annul":                   {En: "annul a record filed in error", Zh: "作废误报记录"},
	"renew":                   {En: "renew a certificate", Zh: "换发证书（再认证）"},
	"transfer":                {En: "take over a certificate", Zh: "转换证书"},
	"file_order":              {En: "order a body to deal with a certificate", Zh: "责令处理证书"},
	"close_order":             {En: "close an order", Zh: "了结责令"},
	"flag":                    {En: "warn of a certificate", Zh: "对证书作出警示"},
	"unflag":                  {En: "take a warning back", Zh: "解除警示"},
	"anchor_evidence":         {En: "anchor evidence", Zh: "锚定证据"},
	"register_product":        {En: "register a product", Zh: "登记产品"},
	"capture_events":          {En: "record events of a product", Zh: "记录产品事件"},
	"link_certificates":       {En: "link certificates to a product", Zh: "变更产品所依据的证书"},
	"set_reporters":           {En: "set who else reports a product", Zh: "设定产品上报人"},
	"recall":                  {En: "recall a product", Zh: "召回产品"},
	"lift_recall":             {En: "lift a recall", Zh: "解除召回"},

	"admit_member":         {En: "admit a member", Zh: "接纳成员"},
	"amend_member":         {En: "amend a member", Zh: "变更成员信息"},
	"suspend_member":       {En: "suspend a member", Zh: "暂停成员资格"},
	"reinstate_member":     {En: "reinstate a member", Zh: "恢复成员资格"},
	"remove_member":        {En: "remove a member", Zh: "除名成员"},
	"approve_schemes":      {En: "approve a body for schemes", Zh: "批准认证项目"},
	"restrict_approval":    {En: "restrict an approval", Zh: "缩小批准范围"},
	"revoke_approval":      {En: "revoke an approval", Zh: "撤销批准"},
	"recover_keys":         {En: "recover the admin keys of a member", Zh: "恢复成员管理密钥"},
	"name_caretaker":       {En: "name a caretaker", Zh: "指定代管机构"},
	"declare_compromise":   {En: "declare a key compromised", Zh: "宣告密钥失密"},
	"set_validators":       {En: "change validators", Zh: "变更验证者"},
	"set_parameters":       {En: "change parameters", Zh: "变更参数"},
	"open_import_window":   {En: "open an import window", Zh: "开放导入窗口"},
	"schedule_upgrade":     {En: "schedule an upgrade", Zh: "安排升级"},
	"cancel_upgrade":       {En: "cancel an upgrade", Zh: "取消升级"},
	"reverse_decision":     {En: "reverse a decision on a certificate", Zh: "推翻对证书的决定"},
	"release_certificates": {En: "release the certificates of a body that has ended", Zh: "放行已终止机构的证书"},
}

// fieldNames are the Chinese names of the fields.
var fieldNames = map[protoreflect.Name]string{
	"action": "操作", "actions": "事项", "activation": "生效", "address_en": "英文地址", "address_zh": "地址",
	"add": "新增", "app_version": "应用版本", "approval_number": "批准号", "authority": "登记机关", "body": "机构",
	"caretaker": "代管机构", "certificate": "证书", "change_type": "变更类型", "changes": "变更", "components": "部件证书",
	"consensus_key": "共识公钥", "country": "国家（地区）", "decided": "决定日期", "decisions": "既往决定", "denominator": "分母",
	"details": "证书内容", "document": "文件摘要", "due": "期限", "duty": "职责", "evidence": "证据", "exempt": "申请豁免",
	"expires": "有效期至", "factory": "生产企业", "first": "第一份陈述", "first_issued": "首次发证日期", "first_signature": "第一份签名", "foreign": "境外登记", "from": "起",
	"grant": "批准（认可）编号", "gtins": "商品条码", "height": "高度", "holder": "持有人", "issued": "颁证日期", "issuer": "发证机构批准号",
	"key": "公钥", "keys": "密钥", "kind": "类别", "main": "主证书", "mark": "认可标志", "marks": "认可标志",
	"max_records": "记录数上限", "member": "成员", "models": "型号", "name": "名称", "name_en": "英文名称", "name_zh": "名称",
	"new_key": "新公钥", "note": "说明", "number": "编号", "numerator": "分子", "old_key": "原公钥", "order": "责令记录号",
	"parameter": "参数", "power": "投票权", "producer": "生产者", "profile": "成员信息", "proof": "持有证明", "proposal": "提案",
	"reason": "原因", "receiver": "接收机构", "record": "记录号", "region": "行政区划", "reissue_reason": "换证原因", "remove": "移除",
	"replace_consensus_key": "更换共识公钥", "replace_seal_key": "更换签章公钥", "roles": "角色", "scheme": "认证项目", "schemes": "认证项目",
	"scope_codes": "业务范围代码", "scope_en": "英文认证范围", "scope_zh": "认证范围", "seal_key": "签章公钥", "seal_proof": "签章密钥持有证明",
	"second": "第二份陈述", "second_signature": "第二份签名",
	"set_power": "设定投票权", "since": "自", "standards": "标准", "status": "状态", "suspended_from": "暂停起", "suspended_until": "暂停止",
	"after": "已有条数", "anchor": "锚定", "certificates": "证书", "corrects": "更正的事件", "disposition": "处置状态", "engagement": "委托",
	"events": "事件", "hash": "摘要", "leaves": "叶数", "method": "采集方法", "note_en": "英文说明", "note_zh": "说明文字", "offset": "时区偏移（分钟）",
	"others": "相关产品", "part": "在事件中的地位", "place": "地点", "product": "产品", "recall": "召回编号", "reference": "委托编号",
	"reporters": "上报人", "retention": "保存期限", "root": "树根", "step": "业务步骤", "subject": "对象", "time": "时间", "to": "止", "type": "类型",
	"thresholds": "表决门槛", "title": "标题", "trade_mark": "商标", "until": "止", "uscc": "统一社会信用代码", "value": "值",
}
