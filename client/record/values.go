package record

import (
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// value reads and writes the value of a field: one text, or several for a list.
// Neither is called with none, nor returns an empty text.
type value struct {
	list bool
	set  func(r *Record, v []string) *Fault
	get  func(r *Record) []string
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func text(at func(*Record) *string) value {
	return value{
		set: func(r *Record, v []string) *Fault { *at(r) = v[0]; return nil },
		get: func(r *Record) []string { return one(*at(r)) },
	}
}

func texts(at func(*Record) *[]string) value {
	return value{
		list: true,
		set:  func(r *Record, v []string) *Fault { *at(r) = v; return nil },
		get:  func(r *Record) []string { return *at(r) },
	}
}

func date(at func(*Record) *civil.Date) value {
	return value{
		set: func(r *Record, v []string) (f *Fault) { *at(r), f = parseDate(v[0]); return f },
		get: func(r *Record) []string { return one(dateText(*at(r))) },
	}
}

func parseDate(s string) (civil.Date, *Fault) {
	d, err := civil.Parse(s)
	if err != nil {
		return 0, problem("%q is no date: write it as 2026-06-01", "“%s”不是日期，应写作 2026-06-01", s)
	}
	return d, nil
}

func dateText(d civil.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// code is a text of digits from a table; spreadsheets like to drop its zeros.
func code(at func(*Record) *string) value {
	return value{
		set: func(r *Record, v []string) *Fault { *at(r) = v[0]; return checkCode(v[0]) },
		get: func(r *Record) []string { return one(*at(r)) },
	}
}

func checkCode(s string) *Fault {
	if n := len(s); n == 2 || n == 4 || n == 5 && s[2] == '_' {
		return nil
	}
	return problem("%q is no code of the tables, as 0111, 05 or 97_01: keep the leading zero (format the column as text)",
		"“%s”不是代码表中的代码（如 0111、05、97_01）：请保留前导零（将该列设为文本格式）", s)
}

func hash(at func(*Record) *sm3.Hash) value {
	return value{
		set: func(r *Record, v []string) (f *Fault) { *at(r), f = parseHash(v[0]); return f },
		get: func(r *Record) []string {
			if h := *at(r); !h.IsZero() {
				return []string{h.String()}
			}
			return nil
		},
	}
}

func hashes(at func(*Record) *[]sm3.Hash) value {
	return value{
		list: true,
		set: func(r *Record, v []string) *Fault {
			list := make([]sm3.Hash, len(v))
			for i, s := range v {
				var f *Fault
				if list[i], f = parseHash(s); f != nil {
					return f
				}
			}
			*at(r) = list
			return nil
		},
		get: func(r *Record) (v []string) {
			for _, h := range *at(r) {
				v = append(v, h.String())
			}
			return v
		},
	}
}

func parseHash(s string) (h sm3.Hash, f *Fault) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != sm3.Size || s != strings.ToLower(s) {
		return h, problem("%.80q is no SM3 hash: it has 64 lower-case hexadecimal digits", "“%.80s”不是 SM3 摘要：应为 64 位小写十六进制数字", s)
	}
	h = sm3.Hash(b)
	if h.IsZero() {
		return h, problem("the hash is zero: leave it out if there is none", "摘要全为零：没有时请留空")
	}
	return h, nil
}

func refs(at func(*Record) *[]rules.Ref) value {
	return value{
		list: true,
		set: func(r *Record, v []string) *Fault {
			list := make([]rules.Ref, len(v))
			for i, s := range v {
				issuer, number, ok := strings.Cut(s, "/")
				if !ok || issuer == "" || number == "" {
					return problem("%q names no certificate: write issuer/number, as CNCA-R-2002-001/2013010702607951",
						"“%s”不是证书：应写作“批准号/证书编号”，如 CNCA-R-2002-001/2013010702607951", s)
				}
				list[i] = rules.Ref{Issuer: issuer, Number: number}
			}
			*at(r) = list
			return nil
		},
		get: func(r *Record) (v []string) {
			for _, ref := range *at(r) {
				v = append(v, ref.String())
			}
			return v
		},
	}
}

var actionValue = value{
	set: func(r *Record, v []string) *Fault {
		a, ok := ParseAction(v[0])
		if !ok {
			return problem("there is no action %q", "没有“%s”这种操作", v[0])
		}
		r.Action = a
		return nil
	},
	get: func(r *Record) []string {
		if r.Action == 0 {
			return nil
		}
		return []string{r.Action.String()}
	},
}

var statusValue = value{
	set: func(r *Record, v []string) *Fault {
		s, ok := parseStatus(v[0])
		if !ok || s == rules.Annulled {
			return problem("%q is no status that can be imported: valid, suspended, revoked, cancelled or expired, or 01 to 05",
				"“%s”不是可导入的状态：有效、暂停、撤销、注销、过期失效，或 01 至 05", v[0])
		}
		r.Status = s
		return nil
	},
	get: func(r *Record) []string {
		if r.Status == 0 {
			return nil
		}
		return []string{r.Status.String()}
	},
}

var orderValue = value{
	set: func(r *Record, v []string) *Fault {
		n, err := strconv.ParseUint(v[0], 10, 32)
		if err != nil || n == 0 {
			return problem("%q is no number of a record: it is that of the record that filed the order", "“%s”不是记录号：应为发出该责令的记录号", v[0])
		}
		r.Order = uint32(n)
		return nil
	},
	get: func(r *Record) []string {
		if r.Order == 0 {
			return nil
		}
		return []string{strconv.FormatUint(uint64(r.Order), 10)}
	},
}
