package connected

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// proxy stands before a node's CometBFT interface.
type proxy struct {
	*httptest.Server
	mu     sync.Mutex
	change func(call, []byte) []byte // guarded by mu; nil for the truth
	asked  []call                    // guarded by mu
	told   int                       // guarded by mu; answers that were changed
}

// call is what the light client asked.
type call struct {
	Method string         `json:"method"`
	Params map[string]any `json:"params"`
}

func (c call) height() string {
	h, _ := c.Params["height"].(string)
	return h
}

func newProxy(t testing.TB, target string) *proxy {
	t.Helper()
	p := new(proxy)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var c call
		if err == nil {
			err = json.Unmarshal(body, &c)
		}
		if err != nil {
			t.Error(err)
		}
		p.mu.Lock()
		change := p.change
		p.asked = append(p.asked, c)
		p.mu.Unlock()
		answer := ask(t, target, body)
		if change != nil {
			if lie := change(c, answer); !bytes.Equal(lie, answer) {
				answer = lie
				p.mu.Lock()
				p.told++
				p.mu.Unlock()
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *proxy) set(change func(call, []byte) []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.change = change
}

// ask posts a call and returns the answer.
func ask(t testing.TB, target string, body []byte) []byte {
	res, err := http.Post(target, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return nil
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	return answer
}

// get asks a node for a method at a height.
func get(t testing.TB, target, method string, height uint64) any {
	t.Helper()
	body := fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q,"params":{"height":"%d"}}`, method, height)
	return parse(t, ask(t, target, []byte(body)))
}

func parse(t testing.TB, b []byte) (v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Errorf("%v: %.200s", err, b)
	}
	return v
}

// lie is one way of changing an answer, which is JSON.
type lie struct {
	where, how string
	tell       func(root any) any
}

// lies returns lies about everything in an answer, whatever is in it; other is an
// answer whose parts are played instead.
func lies(honest, other any) (list []lie) {
	var walk func(v, instead any, where string, set func(root any, v any) any)
	walk = func(v, instead any, where string, set func(any, any) any) {
		add := func(how string, value any) {
			list = append(list, lie{where, how, func(root any) any { return set(root, value) }})
		}
		add("null", nil)
		if instead != nil && fmt.Sprint(instead) != fmt.Sprint(v) {
			add("of another height", instead)
		}
		switch v := v.(type) {
		case map[string]any:
			inner, _ := instead.(map[string]any)
			for _, k := range slices.Sorted(maps.Keys(v)) {
				at := func(root any, change func(m map[string]any)) any {
					return set(root, replaced{func(old any) any {
						m, ok := old.(map[string]any)
						if !ok {
							return old
						}
						m = maps.Clone(m)
						change(m)
						return m
					}})
				}
				list = append(list, lie{where + "." + k, "withheld", func(root any) any { return at(root, func(m map[string]any) { delete(m, k) }) }})
				walk(v[k], inner[k], where+"."+k, func(root, value any) any {
					return at(root, func(m map[string]any) { m[k] = apply(value, m[k]) })
				})
			}
		case []any:
			add("empty", []any{})
			add("doubled", append(slices.Clone(v), v...))
			inner, _ := instead.([]any)
			for i := range v {
				var other any
				if i < len(inner) {
					other = inner[i]
				}
				walk(v[i], other, fmt.Sprint(where, "[", i, "]"), func(root, value any) any {
					return set(root, replaced{func(old any) any {
						l, ok := old.([]any)
						if !ok || i >= len(l) {
							return old
						}
						l = slices.Clone(l)
						l[i] = apply(value, l[i])
						return l
					}})
				})
			}
		case string:
			for how, s := range otherStrings(v) {
				add(how, s)
			}
		case json.Number:
			add("greater", "1"+v)
			add("negative", "-"+v)
		case bool:
			add("the contrary", !v)
		}
	}
	walk(honest, other, "answer", func(root, value any) any { return apply(value, root) })
	return list
}

// replaced is a value that is made from the old one.
type replaced struct{ by func(any) any }

func apply(value, old any) any {
	if r, ok := value.(replaced); ok {
		return r.by(old)
	}
	return value
}

// otherStrings returns other strings than s of the same kind, and of none.
func otherStrings(s string) map[string]any {
	out := map[string]any{"empty": "", "cut off": s[:len(s)*2/3], "longer": s + "A"}
	if raw, err := hex.DecodeString(s); err == nil && len(raw) > 8 {
		raw[len(raw)/2] ^= 1
		out["altered"] = strings.ToUpper(hex.EncodeToString(raw))
	} else if raw, err := base64.StdEncoding.DecodeString(s); err == nil && len(raw) > 8 {
		raw[len(raw)/2] ^= 1
		out["altered"] = base64.StdEncoding.EncodeToString(raw)
	} else if strings.Trim(s, "0123456789") == "" {
		out["greater"], out["negative"], out["huge"] = s+"1", "-"+s, "9223372036854775807"
	} else if len(s) > 0 {
		b := []byte(s)
		b[len(b)/2] ^= 1
		out["altered"] = string(b)
	}
	return out
}
