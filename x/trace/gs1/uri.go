package gs1

import (
	"fmt"
	"slices"
	"strings"
)

// canonicalURI returns the canonical form of a URI that is no GS1 name. The
// syntax is part of RFC 3986:
//
//	https://HOST[:PORT]PATH[?QUERY]   also http; PATH begins with /
//	urn:NID:NSS   did:METHOD:ID   and doi: hdl: info: ni: oid: tag: with what they hold
//
// without user information and fragment, without segments . and .. and with
// percent-encoding where RFC 3986 asks for it. Canonical is: scheme, host, NID
// and method in small letters, no port that is the scheme's own, / as the empty
// path, %XX in capitals and never for a letter, a digit or - . _ ~. Schemes that
// a browser would run or that point into a machine are refused.
func canonicalURI(uri string) (string, error) {
	for i := range len(uri) {
		if c := uri[i]; c <= ' ' || c > '~' || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			return "", fmt.Errorf("%w: byte %d (0x%02x) must be percent-encoded", ErrSyntax, i+1, c)
		}
	}
	if strings.Contains(uri, "#") {
		return "", fmt.Errorf("%w: a fragment (#) is not part of a name", ErrSyntax)
	}
	scheme, rest, ok := strings.Cut(uri, ":")
	scheme = strings.ToLower(scheme)
	if !ok || !slices.Contains(allowedSchemes, scheme) {
		return "", fmt.Errorf("%w: it must begin with one of the schemes %s", ErrSyntax, strings.Join(allowedSchemes, ", "))
	}
	rest, err := normalEscapes(rest)
	if err != nil {
		return "", err
	}
	switch scheme {
	case "http", "https":
		rest, err = hierarchical(scheme, rest)
	case "urn":
		rest, err = urnBody(rest)
	case "did":
		rest, err = didBody(rest)
	default:
		err = opaque(rest)
	}
	if err != nil {
		return "", err
	}
	return scheme + ":" + rest, nil
}

var allowedSchemes = []string{"did", "doi", "hdl", "http", "https", "info", "ni", "oid", "tag", "urn"}

// normalEscapes writes percent-encoding in capitals and undoes it where it is
// not needed.
func normalEscapes(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		c, ok := escape(s[i:])
		if !ok {
			return "", fmt.Errorf("%w: a %% is not followed by two hexadecimal digits", ErrSyntax)
		}
		if isAlphanumeric(c) || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteString(string([]byte{'%', hexDigits[c>>4], hexDigits[c&15]}))
		}
		i += 2
	}
	return b.String(), nil
}

func hierarchical(scheme, rest string) (string, error) {
	rest, ok := strings.CutPrefix(rest, "//")
	if !ok {
		return "", fmt.Errorf("%w: %s: is followed by //", ErrSyntax, scheme)
	}
	end := strings.IndexAny(rest+"/", "/?")
	authority, path := strings.ToLower(rest[:end]), rest[end:]
	host, port, hasPort := strings.Cut(authority, ":")
	if !isHost(host) {
		return "", fmt.Errorf("%w: %q is no host name (labels of a-z, 0-9 and -, parted by dots)", ErrSyntax, host)
	}
	if hasPort && (!allDigits(port) || port[0] == '0' || len(port) > 5 || len(port) == 5 && port > "65535") {
		return "", fmt.Errorf("%w: %q is no port", ErrSyntax, port)
	}
	if hasPort && (scheme == "https" && port != "443" || scheme == "http" && port != "80") {
		host += ":" + port
	}
	path, query, hasQuery := strings.Cut(path, "?")
	if path == "" {
		path = "/"
	}
	for _, segment := range strings.Split(path, "/") {
		if segment == "." || segment == ".." {
			return "", fmt.Errorf("%w: the path has a segment %q", ErrSyntax, segment)
		}
	}
	if hasQuery && query == "" {
		return "", fmt.Errorf("%w: the query after ? is empty", ErrSyntax)
	}
	if hasQuery {
		path += "?" + query
	}
	if strings.ContainsAny(path, "[]") {
		return "", fmt.Errorf("%w: [ and ] must be percent-encoded", ErrSyntax)
	}
	return "//" + host + path, nil
}

func isHost(host string) bool {
	if len(host) > 253 {
		return false
	}
	for _, label := range strings.Split(host, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' ||
			!consistsOf(label, "-0123456789abcdefghijklmnopqrstuvwxyz") {
			return false
		}
	}
	return true
}

// urnBody is RFC 8141 without the components after the name.
func urnBody(rest string) (string, error) {
	nid, nss, ok := strings.Cut(rest, ":")
	nid = strings.ToLower(nid)
	if !ok || len(nid) < 2 || len(nid) > 32 || nid[0] == '-' || nid[len(nid)-1] == '-' ||
		!consistsOf(nid, "-0123456789abcdefghijklmnopqrstuvwxyz") {
		return "", fmt.Errorf("%w: urn: is followed by a namespace of 2 to 32 letters, digits or -, and a colon", ErrSyntax)
	}
	if nid == "uuid" {
		if strings.Contains(nss, "%") {
			return "", fmt.Errorf("%w: nothing is percent-encoded in a UUID", ErrSyntax)
		}
		nss = strings.ToLower(nss)
	}
	return nid + ":" + nss, opaque(nss)
}

// didBody is a DID of W3C's recommendation, without path and query.
func didBody(rest string) (string, error) {
	method, id, ok := strings.Cut(rest, ":")
	if !ok || method == "" || !consistsOf(method, "0123456789abcdefghijklmnopqrstuvwxyz") {
		return "", fmt.Errorf("%w: did: is followed by a method of small letters and digits, and a colon", ErrSyntax)
	}
	for i := range len(id) {
		if !isAlphanumeric(id[i]) && strings.IndexByte(".-_:%", id[i]) < 0 {
			return "", fmt.Errorf("%w: %q is not allowed in a DID", ErrSyntax, id[i])
		}
	}
	if strings.HasSuffix(id, ":") {
		return "", fmt.Errorf("%w: a DID does not end with a colon", ErrSyntax)
	}
	return rest, opaque(id)
}

// opaque checks what follows the scheme of a URI that has no host.
func opaque(rest string) error {
	if rest == "" || rest[0] == '/' || strings.ContainsAny(rest, "?[]") {
		return fmt.Errorf("%w: what follows the scheme is empty, begins with / or has ? [ or ]", ErrSyntax)
	}
	return nil
}
