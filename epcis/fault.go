package epcis

import (
	"fmt"
	"strings"
)

// Fault is one way in which a document breaks the rules of EPCIS 2.0.
type Fault struct {
	Event   int    // which event, counted from 0; -1: what stands around them
	Pointer string // JSON pointer (RFC 6901) of the value in the document
	texts
}

// texts is what is wrong and what to do, in two languages.
type texts struct{ English, Chinese string }

func (f Fault) Error() string { return f.place("event") + ": " + f.English }

// place names where the fault is; word is what an event is called.
func (f Fault) place(word string) string {
	if f.Event < 0 {
		return pointerText(f.Pointer)
	}
	return fmt.Sprintf("%s %d, %s", word, f.Event+1, pointerText(f.Pointer))
}

// In returns the fault in a language: "zh", or English for any other.
func (f Fault) In(language string) string {
	if language == "zh" {
		if f.Event < 0 {
			return pointerText(f.Pointer) + "：" + f.Chinese
		}
		return fmt.Sprintf("第 %d 个事件 %s：%s", f.Event+1, pointerText(f.Pointer), f.Chinese)
	}
	return f.Error()
}

func pointerText(p string) string {
	if p == "" {
		return "/"
	}
	return p
}

func fault(pointer string, t texts) Fault { return Fault{Event: -1, Pointer: pointer, texts: t} }

// under returns the pointer of a member of what p points at.
func under(p, key string) string { return p + "/" + pointerEscapes.Replace(key) }

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// shown is a value as a text shows it, cut where it is long.
func shown(v *value) string {
	switch v.kind {
	case str:
		return quoted(v.text)
	case array:
		return "[…]"
	case object:
		return "{…}"
	case null:
		return "null"
	default:
		return v.text
	}
}

func quoted(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
