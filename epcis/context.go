package epcis

import "strings"

// ldContext is what the @context of a document says beside the one of EPCIS.
type ldContext struct {
	names []string // prefixes, or terms
	uris  []string // as they stand
	full  []string // with a CURIE in them expanded
}

// newContext reads an @context: a URI, an object of prefixes, or a list of
// them. Of two definitions of one prefix the later counts. Definitions that are
// objects do not name a namespace and are passed over.
func newContext(v *value) *ldContext {
	c := new(ldContext)
	if v == nil {
		return c
	}
	parts := []value{*v}
	if v.kind == array {
		parts = v.items
	}
	for i := range parts {
		if parts[i].kind != object {
			continue
		}
		for j, name := range parts[i].keys {
			if uri := &parts[i].items[j]; uri.kind == str {
				c.define(name, uri.text)
			}
		}
	}
	return c
}

func (c *ldContext) define(name, uri string) {
	full := uri
	if prefix, rest, ok := strings.Cut(uri, ":"); ok && !strings.HasPrefix(rest, "//") {
		if base, ok := c.prefix(prefix); ok {
			full = base + rest
		}
	}
	for i := range c.names {
		if c.names[i] == name {
			c.uris[i], c.full[i] = uri, full
			return
		}
	}
	c.names, c.uris, c.full = append(c.names, name), append(c.uris, uri), append(c.full, full)
}

// namespace returns the URI that the document gives to a prefix.
func (c *ldContext) namespace(prefix string) (uri string, ok bool) {
	for i := range c.names {
		if c.names[i] == prefix {
			return c.uris[i], true
		}
	}
	return "", false
}

// term returns the URI of a name that the document defines.
func (c *ldContext) term(name string) (uri string, ok bool) {
	for i := range c.names {
		if c.names[i] == name {
			return c.full[i], true
		}
	}
	return "", false
}

// prefix returns the URI that JSON-LD puts for a prefix: one that ends with a
// delimiter of RFC 3986.
func (c *ldContext) prefix(name string) (uri string, ok bool) {
	if uri, ok = c.term(name); !ok {
		uri, ok = standardPrefixes[name]
	}
	return uri, ok && uri != "" && strings.IndexByte(":/?#[]@", uri[len(uri)-1]) >= 0
}

// expandKey writes the name of a field with its namespace in braces.
func (c *ldContext) expandKey(key string) string {
	if prefix, rest, ok := strings.Cut(key, ":"); ok {
		if uri, ok := c.namespace(prefix); ok {
			return "{" + uri + "}" + rest
		}
	}
	return key
}

// expandText writes a value that is a CURIE of the document as a URI.
func (c *ldContext) expandText(s string) string {
	if prefix, rest, ok := strings.Cut(s, ":"); ok {
		if uri, ok := c.namespace(prefix); ok {
			return braces.Replace(uri) + rest
		}
	}
	return s
}

var braces = strings.NewReplacer("{", "", "}", "")

// expandIRI is how JSON-LD expands a value that stands for a URI; terms is
// whether bare words of the document count too.
func (c *ldContext) expandIRI(s string, terms bool) string {
	if terms {
		if uri, ok := c.term(s); ok {
			return uri
		}
	}
	if prefix, rest, ok := strings.Cut(s, ":"); ok && prefix != "_" && !strings.HasPrefix(rest, "//") {
		if base, ok := c.prefix(prefix); ok {
			return base + rest
		}
	}
	return s
}

// repositoryNamespace is where a repository says, with ignoreFields, which
// fields of events it added itself, so that they are not hashed.
const repositoryNamespace = "https://repository-x.example.com/"

// repository returns the prefix of that namespace, empty if there is none.
func (c *ldContext) repository() string {
	for i := range c.uris {
		if c.uris[i] == repositoryNamespace {
			return c.names[i]
		}
	}
	return ""
}

// ignoreFields ends the name of that list.
const ignoreFields = ":ignoreFields"
