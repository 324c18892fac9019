package node

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// option is one setting: a field of a section of Config.
type option struct {
	section, name string
	tag           reflect.StructTag
	value         reflect.Value // of the field
}

// key is the option's name: section.name.
func (o option) key() string { return o.section + "." + o.name }

// env is its name in the environment.
func (o option) env() string { return envPrefix + strings.ToUpper(o.section+"_"+o.name) }

const envPrefix = "HALLMARKD_"

// section is a part of the file.
type section struct {
	name    string
	tag     reflect.StructTag
	options []option
}

// options lists the settings of c in the order of the file.
func (c *Config) options() (list []section) {
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, ok := field.Tag.Lookup("key")
		if !ok {
			continue
		}
		s := section{name: name, tag: field.Tag}
		for j := range field.Type.NumField() {
			f := field.Type.Field(j)
			s.options = append(s.options, option{name, f.Tag.Get("key"), f.Tag, v.Field(i).Field(j)})
		}
		list = append(list, s)
	}
	return list
}

// each calls fn with every setting.
func (c *Config) each(fn func(option) error) error {
	for _, s := range c.options() {
		for _, o := range s.options {
			if err := fn(o); err != nil {
				return err
			}
		}
	}
	return nil
}

// set parses a value: what a TOML file holds, or a string from elsewhere, in
// which the elements of a list are separated by commas.
func (o option) set(value any) error {
	if list, ok := value.([]any); ok && o.value.Kind() == reflect.Slice {
		out := make([]string, len(list))
		for i, e := range list {
			s, ok := e.(string)
			if !ok {
				return fmt.Errorf("element %d is not a string 第 %d 项不是字符串", i+1, i+1)
			}
			out[i] = s
		}
		o.value.Set(reflect.ValueOf(out))
		return nil
	}
	if _, ok := value.([]any); ok {
		return fmt.Errorf("one value is expected, not a list 应为单个值，不是列表")
	}
	s := strings.TrimSpace(fmt.Sprint(value))
	switch p := o.value.Addr().Interface().(type) {
	case *string:
		*p = s
	case *bool:
		b, err := strconv.ParseBool(s)
		if err != nil {
			return fmt.Errorf("%q is neither true nor false 应为 true 或 false", s)
		}
		*p = b
	case *int:
		n, err := strconv.Atoi(s)
		if err != nil {
			return fmt.Errorf("%q is not a whole number 不是整数", s)
		}
		*p = n
	case *time.Duration:
		d, err := time.ParseDuration(s)
		if err != nil {
			return fmt.Errorf("%q is not a time such as 500ms, 3s or 1h 不是时长，应如 500ms、3s、1h", s)
		}
		*p = d
	case *Size:
		n, err := ParseSize(s)
		if err != nil {
			return err
		}
		*p = n
	case *[]string:
		*p = nil
		for e := range strings.SplitSeq(s, ",") {
			if e = strings.TrimSpace(e); e != "" {
				*p = append(*p, e)
			}
		}
	default:
		return fmt.Errorf("node: %s has a type that is not provided for", o.key())
	}
	return nil
}

// toml returns the value as it is written in the file.
func (o option) toml() string {
	switch v := o.value.Interface().(type) {
	case bool, int:
		return fmt.Sprint(v)
	case []string:
		quoted := make([]string, len(v))
		for i, e := range v {
			quoted[i] = quote(e)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	default:
		return quote(fmt.Sprint(v))
	}
}

// quote returns a basic string of TOML.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
