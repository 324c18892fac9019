package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// entry reads an entry of components, which it returns as CSV has it, or of
// decisions, which it appends to r.
func entry(name string, raw json.RawMessage, r *Record) (string, *Fault) {
	values, fault := flat(raw)
	if fault != nil {
		return "", fault
	}
	take := func(key string) string {
		v := values[key]
		delete(values, key)
		return v
	}
	if name == "components" {
		issuer, number := take("issuer"), take("number")
		for key := range values {
			return "", unknownField(key)
		}
		return issuer + "/" + number, nil
	}

	var d Decision
	if d.Action, fault = parsePast(take("action")); fault != nil {
		return "", fault
	}
	if d.Decided, fault = parseDate(take("decided")); fault != nil {
		return "", fault
	}
	if d.Reason = take("reason"); d.Reason != "" {
		if fault = checkCode(d.Reason); fault != nil {
			return "", fault
		}
	}
	if s := take("suspended_from"); s != "" {
		if d.SuspendedFrom, fault = parseDate(s); fault != nil {
			return "", fault
		}
	}
	if s := take("suspended_until"); s != "" {
		if d.SuspendedUntil, fault = parseDate(s); fault != nil {
			return "", fault
		}
	}
	d.Note = take("note")
	for key := range values {
		return "", unknownField(key)
	}
	r.Decisions = append(r.Decisions, d)
	return "", nil
}

// flat reads an object whose values are texts, each once.
func flat(raw json.RawMessage) (map[string]string, *Fault) {
	wrong := problem("its entries are objects of texts in quotes, each name once", "各项应为由带引号文本组成的对象，名称不重复")
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, wrong
	}
	values := map[string]string{}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return nil, wrong
		}
		v, err := d.Token()
		key, isKey := k.(string)
		text, isText := v.(string)
		if _, twice := values[key]; err != nil || !isKey || !isText || twice {
			return nil, wrong
		}
		values[key] = text
	}
	if _, err := d.Token(); err != nil {
		return nil, wrong
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, wrong
	}
	return values, nil
}
