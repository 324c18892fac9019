package record

import (
	"strings"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// field is a column of CSV and a member of JSON.
type field struct {
	name, zh string // of the column
	path     string // in JSON, with dots
	takes    acts   // actions that may have it
	needs    acts   // actions that must have it
	about    api.Text
	value
}

// made is what a new certificate, or an erratum, says of it.
var (
	made     = makes | actsOf(rules.Correct)
	withText = made | amends
)

// fields is the table of all fields, in the order in which they are written.
var fields = append([]field{
	{"action", "操作", "action", all, 0, about("what is done; may be left out where the command says it", "所做的操作；命令已指明时可省略"), actionValue},
	{"number", "证书编号", "number", all, all, about("of the certificate; of a renewal or transfer, of the new one", "证书编号；换证、机构转换时为新证书编号"), text(func(r *Record) *string { return &r.Number })},
	{"issuer", "发证机构批准号", "issuer", all, 0, about("approval number of the body; may be left out for the acting one", "发证机构批准号；为本机构时可省略"), text(func(r *Record) *string { return &r.Issuer })},
	{"old_number", "原证书编号", "old_number", replaces, replaces, about("of the certificate that is replaced", "被替换证书的编号"), text(func(r *Record) *string { return &r.OldNumber })},
	{"old_issuer", "原发证机构批准号", "old_issuer", replaces, actsOf(rules.Transfer), about("its body", "被替换证书的发证机构批准号"), text(func(r *Record) *string { return &r.OldIssuer })},
	{"decided", "决定日期", "decided", all, all, about("date of the decision", "决定日期"), date(func(r *Record) *civil.Date { return &r.Decided })},
	{"status", "证书状态", "status", actsOf(rules.Import), actsOf(rules.Import), about("that the certificate had then, by name or code 01 to 05", "当时的状态，名称或代码 01 至 05"), statusValue},
	{"reason", "原因代码", "reason", actsOf(rules.Suspend, rules.Revoke, rules.Cancel, rules.Import), actsOf(rules.Suspend, rules.Revoke, rules.Cancel), about("of the family's table", "本类认证代码表中的原因代码"), code(func(r *Record) *string { return &r.Reason })},
	{"suspended_from", "暂停开始日期", "suspended_from", actsOf(rules.Suspend, rules.Import), 0, about("first day; that of the decision if left out", "暂停首日；省略时为决定之日"), date(func(r *Record) *civil.Date { return &r.SuspendedFrom })},
	{"suspended_until", "暂停结束日期", "suspended_until", actsOf(rules.Suspend, rules.Import), actsOf(rules.Suspend), about("last day", "暂停末日"), date(func(r *Record) *civil.Date { return &r.SuspendedUntil })},
	{"change_type", "变更类型代码", "change_type", amends, amends, about("of the family's table", "本类认证代码表中的变更类型"), code(func(r *Record) *string { return &r.ChangeType })},
	{"reissue_reason", "换证原因代码", "reissue_reason", amends | actsOf(rules.Import, rules.Renew), actsOf(rules.Renew), about("why there is a new paper", "换证原因"), code(func(r *Record) *string { return &r.ReissueReason })},
	{"decisions", "既往决定", "decisions", actsOf(rules.Import), 0, about("what was decided after that; in CSV as “suspend 2016-03-01 0111 2016-03-01 2016-08-31”", "此后的决定；CSV 中如“暂停 2016-03-01 0111 2016-03-01 2016-08-31”"), decisionsValue},
	{"due", "整改期限", "due", actsOf(rules.Order), actsOf(rules.Order), about("last day to comply with an order", "责令的最后期限"), date(func(r *Record) *civil.Date { return &r.Due })},
	{"order", "责令记录号", "order", actsOf(rules.CloseOrder), actsOf(rules.CloseOrder), about("number of the record that filed the order", "发出责令的记录号"), orderValue},
	{"member", "警示成员", "member", actsOf(rules.Unflag), 0, about("who warned; the acting member if left out", "作出警示的成员；省略时为本成员"), text(func(r *Record) *string { return &r.Member })},
	{"scheme", "认证项目代码", "scheme", made, makes, about("item code, as A010101", "认证项目代码，如 A010101"), text(func(r *Record) *string { return &r.Scheme })},
	{"holder", "组织代码", "holder", made | actsOf(rules.Name), makes, about("unified social credit code, organisation code, or 840:C1234567", "统一社会信用代码、组织机构代码，或如 840:C1234567 的境外编号"), text(func(r *Record) *string { return &r.Holder })},
	{"first_issued", "初次获证日期", "first_issued", made, actsOf(rules.Issue, rules.Import), about("", ""), date(func(r *Record) *civil.Date { return &r.FirstIssued })},
	{"issued", "发证日期", "issued", made, makes, about("first day of validity", "有效期首日"), date(func(r *Record) *civil.Date { return &r.Issued })},
	{"expires", "到期日期", "expires", made, makes, about("last day of validity", "有效期末日"), date(func(r *Record) *civil.Date { return &r.Expires })},
}, append(textFields(),
	field{"evidence", "证据", "evidence", all, 0, about("ids of evidence anchors of this act", "本次操作的证据锚定标识"), hashes(func(r *Record) *[]sm3.Hash { return &r.Evidence })},
	field{"note", "说明", "note", all, actsOf(rules.Correct, rules.Annul, rules.Order, rules.Flag), about("grounds in words, without personal data", "理由说明，不得含个人信息"), text(func(r *Record) *string { return &r.Note })},
)...)

func about(en, zh string) api.Text { return api.Text{En: en, Zh: zh} }

// textFields are the fields of the details.
func textFields() []field {
	list := partyFields("holder", "组织", func(d *rules.Details) *rules.Party { return &d.Holder })
	add := func(name, zh string, about api.Text, v value) {
		list = append(list, field{name, zh, "details." + name, withText, 0, about, v})
	}
	add("scope_zh", "认证范围", about("of a product: its name", "认证覆盖范围；产品为其名称"), text(func(r *Record) *string { return &r.Details.ScopeChinese }))
	add("scope_en", "认证范围英文", about("", ""), text(func(r *Record) *string { return &r.Details.ScopeEnglish }))
	add("scope_codes", "业务范围代码", about("", ""), texts(func(r *Record) *[]string { return &r.Details.ScopeCodes }))
	add("standards", "认证依据", about("as GB/T 19001-2016", "如 GB/T 19001-2016"), texts(func(r *Record) *[]string { return &r.Details.Standards }))
	add("marks", "认可标志", about("codes of accreditation marks, ascending", "认可标志代码，升序"), texts(func(r *Record) *[]string { return &r.Details.Marks }))
	list = append(list, partyFields("producer", "生产者", func(d *rules.Details) *rules.Party { return &d.Producer })...)
	list = append(list, partyFields("factory", "生产企业", func(d *rules.Details) *rules.Party { return &d.Factory })...)
	add("trade_mark", "商标", about("", ""), text(func(r *Record) *string { return &r.Details.TradeMark }))
	add("models", "型号规格", about("", ""), texts(func(r *Record) *[]string { return &r.Details.Models }))
	add("gtins", "商品条码", about("8, 12, 13 or 14 digits", "8、12、13 或 14 位"), texts(func(r *Record) *[]string { return &r.Details.GTINs }))
	add("main_issuer", "主证书发证机构批准号", about("of a sub-certificate's main certificate; may be left out for the acting body", "子证书的主证书；为本机构时可省略"), text(func(r *Record) *string { return &r.Details.Main.Issuer }))
	add("main_number", "主证书编号", about("", ""), text(func(r *Record) *string { return &r.Details.Main.Number }))
	add("components", "部件证书", about("certificates that this one rests on", "本证书所依据的部件证书"), refs(func(r *Record) *[]rules.Ref { return &r.Details.Components }))
	add("document", "证书文件摘要", about("SM3 of the signed document", "已签署证书文件的 SM3 摘要"), hash(func(r *Record) *sm3.Hash { return &r.Details.Document }))
	add("details_evidence", "证书所附证据", about("ids of evidence anchors of the text", "证书内容的证据锚定标识"), hashes(func(r *Record) *[]sm3.Hash { return &r.Details.Evidence }))
	for i := range list {
		switch f := &list[i]; f.name {
		case "main_issuer", "main_number":
			f.path = "details.main." + strings.TrimPrefix(f.name, "main_")
		case "details_evidence":
			f.path = "details.evidence"
		}
	}
	return list
}

func partyFields(role, zh string, of func(*rules.Details) *rules.Party) []field {
	add := func(name, chinese string, about api.Text, at func(*rules.Party) *string) field {
		return field{role + "_" + name, zh + chinese, "details." + role + "." + name, withText, 0, about,
			text(func(r *Record) *string { return at(of(&r.Details)) })}
	}
	return []field{
		add("name_zh", "名称", about("", ""), func(p *rules.Party) *string { return &p.NameChinese }),
		add("name_en", "英文名称", about("", ""), func(p *rules.Party) *string { return &p.NameEnglish }),
		add("address_zh", "地址", about("", ""), func(p *rules.Party) *string { return &p.AddressChinese }),
		add("address_en", "英文地址", about("", ""), func(p *rules.Party) *string { return &p.AddressEnglish }),
		add("country", "国别代码", about("ISO 3166-1 numeric, as 156", "ISO 3166-1 数字代码，如 156"), func(p *rules.Party) *string { return &p.Country }),
		add("region", "地区代码", about("GB/T 2260, six digits", "GB/T 2260，六位"), func(p *rules.Party) *string { return &p.Region }),
	}
}

var byName, byPath = index()

func index() (name, path map[string]*field) {
	name, path = map[string]*field{}, map[string]*field{}
	for i := range fields {
		f := &fields[i]
		name[f.name], name[f.zh], path[f.path] = f, f, f
	}
	return name, path
}

// Field is an entry of the table of fields, for documentation and flags.
type Field struct {
	Name, Chinese string // of the column in CSV
	Path          string // in JSON
	List          bool
	Takes, Needs  []rules.Action // actions that may have it, that must
	About         api.Text
}

// Fields returns the table of fields.
func Fields() []Field {
	var list []Field
	for i := range fields {
		f := &fields[i]
		d := Field{Name: f.name, Chinese: f.zh, Path: f.path, List: f.list, About: f.about}
		for _, a := range rules.Actions() {
			if f.takes.has(a) {
				d.Takes = append(d.Takes, a)
			}
			if f.needs.has(a) {
				d.Needs = append(d.Needs, a)
			}
		}
		list = append(list, d)
	}
	return list
}

// Set sets the field of r with the name of a column. The error is a *Fault
// without a place.
func (r *Record) Set(name string, values ...string) error {
	f := byName[name]
	if f == nil {
		return unknownField(name)
	}
	if len(values) == 0 || !f.list && len(values) > 1 {
		return &Fault{Field: name, Text: about("it has one value", "只能有一个值")}
	}
	if fault := f.set(r, values); fault != nil {
		fault.Field = name
		return fault
	}
	return nil
}

// Get returns the value of a field, nothing if it is empty or unknown.
func (r *Record) Get(name string) []string {
	if f := byName[name]; f != nil {
		return f.get(r)
	}
	return nil
}

func unknownField(name string) *Fault {
	f := problem("there is no field of this name; docs/records.md lists them", "没有这个字段；字段表见 docs/records.md")
	f.Field = name
	return f
}
