package epcis

import (
	"slices"
	"strings"
)

// node is an event, or a part of one, in the form that JSON and XML share: a
// name, a text and what lies below. The items of a list are nodes of one name.
type node struct {
	name, text string
	below      []*node
	pair       bool // an item of a list of transactions, sources or destinations
}

// treeOf makes the tree of an event. ignored are fields of it that are left out.
func treeOf(event *value, c *ldContext, ignored []string) *node {
	b := &treeBuilder{context: c, words: wordsOf(event, c)}
	n := b.node(event, ignored)
	n.shape()
	return n
}

type treeBuilder struct {
	context *ldContext
	words   []string
}

func (b *treeBuilder) node(v *value, ignored []string) *node {
	n := new(node)
	switch v.kind {
	case str:
		n.text = b.context.expandText(fullWord(v.text, b.words))
	case boolean: // as the reference implementation spells it
		n.text = strings.ToUpper(v.text[:1]) + v.text[1:]
	case null:
		n.text = "None"
	case number:
		n.text = v.text
	case array:
		for i := range v.items {
			n.below = append(n.below, b.node(&v.items[i], nil))
		}
	case object:
		if kind := v.get("type"); kind != nil { // stays the name of an event, and of what lies in a list in a list
			n.name = fullWord(kind.text, b.words)
		}
		for i, key := range v.keys {
			switch {
			case key == "#text":
				n.text = fullWord(v.items[i].text, b.words)
			case key == "comment" || key == "rdfs:comment" || strings.HasPrefix(key, "@xmlns") || slices.Contains(ignored, key):
			default:
				b.member(n, key, &v.items[i])
			}
		}
		slices.SortStableFunc(n.below, func(x, y *node) int {
			if a, b := rank(x.name), rank(y.name); a != b {
				return a - b
			}
			return strings.Compare(x.name, y.name)
		})
	}
	return n
}

// rank puts the type of a transaction, source or destination before it.
func rank(name string) int {
	switch name {
	case "type":
		return 0
	case "bizTransaction", "source", "destination":
		return 1
	}
	return 2
}

// member adds the member key of an object to n: a list becomes one node for
// each of its items.
func (b *treeBuilder) member(n *node, key string, v *value) {
	m := b.node(v, nil)
	name := b.context.expandKey(key)
	if v.kind != array {
		m.name = name
		n.below = append(n.below, m)
		return
	}
	for _, item := range m.below {
		item.name = name
		n.below = append(n.below, item)
	}
}

// shape gives what lies below n the structure that the XML form has: the items
// of fooList become foo below it, childEPCs gets epc, items of quantities get
// their common name.
func (n *node) shape() {
	var plain, lists []*node
	childEPCs := &node{name: "childEPCs"}
	for _, m := range n.below {
		switch name, isList := strings.CutSuffix(m.name, "List"); {
		case isList:
			i := slices.IndexFunc(lists, func(l *node) bool { return l.name == m.name })
			if i < 0 {
				i = len(lists)
				lists = append(lists, &node{name: m.name})
			}
			m.pair = len(m.below) > 0 && (m.name == "bizTransactionList" || m.name == "sourceList" || m.name == "destinationList")
			if m.pair { // the type and the one thing it types
				m.below = m.below[:min(2, len(m.below))]
			}
			m.name = name
			lists[i].below = append(lists[i].below, m)
		case m.name == "childEPCs":
			m.name = "epc"
			childEPCs.below = append(childEPCs.below, m)
		default:
			plain = append(plain, m)
		}
	}
	n.below = append(plain, lists...)
	if len(childEPCs.below) > 0 {
		n.below = append(n.below, childEPCs)
	}
	for _, m := range n.below {
		if len(m.below) > 0 && !m.below[0].pair {
			m.shape()
		}
		switch m.name {
		case "inputEPC", "outputEPC":
			m.name = "epc"
		case "inputQuantity", "outputQuantity", "childQuantity":
			m.name = "quantityElement"
		case "quantity":
			if len(m.below) > 0 {
				m.name = "quantityElement"
			}
		}
	}
}
