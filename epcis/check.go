package epcis

import (
	"slices"
	"strconv"
	"strings"
)

// The rules are those of GS1's JSON schema of EPCIS 2.0 (EPCIS-JSON-Schema.json
// of github.com/gs1/EPCIS at 2b888be), written again as code: it says what to do
// about a fault, and in which field.

// checker collects what is wrong with a value.
type checker struct{ faults []Fault }

// maxFaults is the most that are collected of one event.
const maxFaults = 100

func (c *checker) add(at string, english, chinese string) {
	if len(c.faults) < maxFaults {
		c.faults = append(c.faults, fault(at, texts{english, chinese}))
	}
}

// rule checks a value at a place.
type rule func(c *checker, v *value, at string)

// fieldRules is what an object may have.
type fieldRules struct {
	rules    map[string]rule
	required []string
	names    nameRule
}

type nameRule uint8

const (
	anyName   nameRule = iota // others too, of any name
	extension                 // others whose name is a URI or a CURIE
	noOther                   // no others
)

// check holds an object against its rules.
func (f *fieldRules) check(c *checker, v *value, at string) {
	if v.kind != object {
		c.add(at, "should be an object {…}, not "+shown(v), "应为对象 {…}，而不是 "+shown(v))
		return
	}
	for _, name := range f.required {
		if v.get(name) == nil {
			c.add(at, "the field "+name+" is missing; add it", "缺少字段 "+name+"，请补上")
		}
	}
	for i, key := range v.keys {
		at := under(at, key)
		if r, ok := f.rules[key]; ok {
			if r != nil {
				r(c, &v.items[i], at)
			}
			continue
		}
		switch f.names {
		case noOther:
			c.add(at, "no such field is allowed here; only: "+f.list(), "此处不允许该字段，只允许："+f.list())
		case extension:
			if !isURI(key) {
				c.add(at, "no such field is known here; give an extension a prefix, as example:"+key+", or use one of: "+f.list(),
					"此处没有该字段；扩展字段须带前缀（如 example:"+key+"），或使用："+f.list())
			}
		case anyName:
		}
	}
}

// list names the fields in the order of the alphabet.
func (f *fieldRules) list() string {
	names := make([]string, 0, len(f.rules))
	for name := range f.rules {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func (f *fieldRules) rule() rule { return f.check }

// listOf is a list whose items follow a rule. least is how many it must have.
func listOf(item rule, least int, unique bool) rule {
	return func(c *checker, v *value, at string) {
		if v.kind != array {
			c.add(at, "should be a list […], not "+shown(v), "应为列表 […]，而不是 "+shown(v))
			return
		}
		if len(v.items) < least {
			c.add(at, "should have an item at least", "至少要有一项")
		}
		for i := range v.items {
			item(c, &v.items[i], at+"/"+strconv.Itoa(i))
		}
		if unique {
			checkUnique(c, v, at)
		}
	}
}

func checkUnique(c *checker, v *value, at string) {
	seen := make(map[string]int, len(v.items))
	for i := range v.items {
		key := v.items[i].identity()
		if first, ok := seen[key]; ok {
			n := strconv.Itoa(first + 1)
			c.add(at+"/"+strconv.Itoa(i), "is the same as item "+n+"; leave one out", "与第 "+n+" 项相同，请去掉一个")
			continue
		}
		seen[key] = i
	}
}

func checkString(c *checker, v *value, at string) {
	if v.kind != str {
		c.add(at, "should be a text in quotation marks, not "+shown(v), "应为带引号的文本，而不是 "+shown(v))
	}
}

func checkNumber(c *checker, v *value, at string) {
	if v.kind != number {
		c.add(at, "should be a number without quotation marks, not "+shown(v), "应为不带引号的数字，而不是 "+shown(v))
	}
}

func checkBoolean(c *checker, v *value, at string) {
	if v.kind != boolean {
		c.add(at, "should be true or false, not "+shown(v), "应为 true 或 false，而不是 "+shown(v))
	}
}

func checkURI(c *checker, v *value, at string) {
	if v.kind != str || !isURI(v.text) {
		c.add(at, shown(v)+" is no absolute URI; write it with its scheme, as urn:… or https://…", shown(v)+" 不是绝对 URI，请写明方案，如 urn:… 或 https://…")
	}
}

// checkURIs is one URI or a list of them.
func checkURIs(c *checker, v *value, at string) {
	if v.kind == array {
		listOf(checkURI, 0, false)(c, v, at)
		return
	}
	checkURI(c, v, at)
}

func checkTime(c *checker, v *value, at string) {
	if v.kind != str || !isDateTime(v.text) {
		c.add(at, shown(v)+" is no time with its offset; write it as 2026-03-04T11:00:30.000+08:00", shown(v)+" 不是带时区的时间，请写成 2026-03-04T11:00:30.000+08:00")
	}
}

// text is a string that ok accepts; the texts say how it should be.
func text(ok func(string) bool, english, chinese string) rule {
	return func(c *checker, v *value, at string) {
		if v.kind != str || !ok(v.text) {
			c.add(at, shown(v)+" "+english, shown(v)+" "+chinese)
		}
	}
}

var (
	checkOffset = text(isOffset, "is no offset from UTC between -14:00 and +14:00; write it as +08:00", "不是 -14:00 至 +14:00 的时区偏移，请写成 +08:00")
	checkUnit   = text(isUnit, "is no unit of two or three capitals or digits, as KGM", "不是由两到三位大写字母或数字组成的单位代码，如 KGM")
	checkHex    = text(isHex, "is not hexadecimal", "不是十六进制文本")
	checkAction = text(isAction, "is none of ADD, OBSERVE and DELETE", "不是 ADD、OBSERVE、DELETE 之一")
	checkVer    = text(isVersion, "is no version, as 2.0", "不是版本号，如 2.0")
)

// coined is a word of a list, or a URI that is none of that vocabulary's own.
func coined(words *wordSet) rule {
	return func(c *checker, v *value, at string) {
		if v.kind == str && (words.has(v.text) || isURI(v.text) && !isOwn(v.text, words.prefix)) {
			return
		}
		c.add(at, shown(v)+" is neither a word of the vocabulary nor a URI of another one"+words.hint(v, "; use "),
			shown(v)+" 既不是词表中的词，也不是其他词表的 URI"+words.hint(v, "，请用 "))
	}
}

// hint names the word to use where v is a URI of the vocabulary, else some.
func (s *wordSet) hint(v *value, before string) string {
	if v.kind == str {
		for _, sep := range []string{"-", ":", "/"} {
			if _, word, ok := cutLast(v.text, sep); ok && s.has(word) {
				return before + word
			}
		}
	}
	words := make([]string, 0, len(s.uris))
	for w := range s.uris {
		words = append(words, w)
	}
	slices.Sort(words)
	if len(words) > 8 {
		words = append(words[:8:8], "…")
	}
	return before + strings.Join(words, ", ")
}

// isOwn reports whether uri is of the vocabulary itself, so that the bare word
// must be used.
func isOwn(uri, prefix string) bool {
	if prefix == webVoc {
		rest, ok := cutHTTP(uri)
		return ok && (strings.HasPrefix(rest, "gs1.org/voc/") || strings.HasPrefix(rest, "www.gs1.org/voc/"))
	}
	rest, ok := cutHTTP(uri)
	return strings.HasPrefix(uri, "urn:epcglobal:cbv") || ok && strings.HasPrefix(rest, "ns.gs1.org/cbv/")
}

func cutHTTP(uri string) (string, bool) {
	if rest, ok := strings.CutPrefix(uri, "https://"); ok {
		return rest, true
	}
	return strings.CutPrefix(uri, "http://")
}
