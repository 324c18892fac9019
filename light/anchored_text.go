package light

import (
	"encoding/hex"
	"fmt"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
)

// leafJSON is a leaf as JSON.
type leafJSON struct {
	Index    uint64    `json:"index"`
	Content  string    `json:"content"` // SM3
	Size     uint64    `json:"size"`    // in bytes
	Name     string    `json:"name,omitempty"`
	Captured time.Time `json:"captured"`
}

// evidence is what the verdict says of an anchor, in the form of a node's API.
func (v *Verdict) evidence() *api.Evidence {
	r := v.Evidence
	if r == nil {
		return nil
	}
	words := r.Kind.Words()
	out := &api.Evidence{
		ID: v.Anchor.String(), Member: r.Member, Kind: r.Kind.String(), Text: api.Text{En: words.English, Zh: words.Chinese}, Subject: r.Subject.String(),
		Root: r.Root.String(), Leaves: r.Leaves, From: r.From, To: r.To, Method: r.Method, Retention: r.Retention.String(),
		Height: r.Height, Time: r.Time, Tx: r.Tx.String(), Signers: []api.KeyHolder{},
	}
	for _, s := range r.Signers {
		out.Signers = append(out.Signers, api.KeyHolder{Member: s.Member, Key: hex.EncodeToString(s.Key[:])})
	}
	return out
}

func (v *Verdict) leaf() *leafJSON {
	l := v.Leaf
	if l == nil {
		return nil
	}
	return &leafJSON{l.Index, l.Content.String(), l.Size, l.Name, l.Captured}
}

// evidence writes what was anchored, by whom and about what, and the leaf.
func (t *text) evidence(v *Verdict) {
	r := v.Evidence
	if r == nil {
		return
	}
	kind, retention, subject := r.Kind.Words(), r.Retention.Words(), r.Subject.Kind.Words()
	t.line("Anchor", "锚定", v.Anchor.String())
	t.line("Recorded", "上链时间", t.time(r.Time), t.in(fmt.Sprintf("height %d", r.Height), fmt.Sprintf("高度 %d", r.Height)))
	t.line("Anchored by", "锚定成员", r.Member)
	t.line("Kind", "种类", t.in(kind.English, kind.Chinese))
	t.line("About", "对象", t.in(subject.English, subject.Chinese)+" "+r.Subject.String()[len(r.Subject.Kind.String())+1:])
	t.line("Captured", "采集时段", t.time(r.From)+t.in(" to ", " 至 ")+t.time(r.To))
	t.line("Method", "采集方法", r.Method)
	t.line("Kept", "保存期限", t.in(retention.English, retention.Chinese))
	t.line("Leaves", "叶数", fmt.Sprint(r.Leaves))
	if l := v.Leaf; l != nil {
		t.line("File", "文件", l.Name)
		t.line("Content", "内容摘要", l.Content.String(), t.in(fmt.Sprintf("%d bytes", l.Size), fmt.Sprintf("%d 字节", l.Size)))
		t.line("Place", "位置", fmt.Sprint(l.Index))
		t.line("Content captured", "内容采集时间", t.time(l.Captured))
	}
}
