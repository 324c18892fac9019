// Package gs1 reads the names that products have on the ledger: GS1 Digital
// Link URIs (GS1 Digital Link Standard: URI Syntax, release 1.4), the EPC URNs
// that EPCIS uses beside them (EPC Tag Data Standard), and other URIs in one
// strict form. It is pure: the same bytes give the same answer everywhere.
//
// # The canonical form of a Digital Link
//
//	https://id.gs1.org/01/04012345999990                 a class: GTIN
//	https://id.gs1.org/01/04012345999990/10/L-7          a lot
//	https://id.gs1.org/01/04012345999990/21/XYZ-1234     an item
//	https://id.gs1.org/00/340123450000000018             a logistic unit
//
// Scheme and host are as shown, whatever domain resolves the code; a GTIN has
// 14 digits; application identifiers are numeric; there is no query, fragment
// or final slash. Of a value, letters, digits and - . _ ' ; = stand for
// themselves, any other character of GS1's set is percent-encoded with capital
// digits (table 7-1 of the standard).
//
// A name is constrained as in CBV 2.0, section 8: it keeps the finest level
// only. The consumer product variant (22) goes, and so does the lot (10) where
// a serial number (21) tells the item, so one thing has one name.
//
// # Other URIs
//
// What is no Digital Link and no EPC may still name a product, see [NameProduct].
package gs1

import "errors"

// MaxLength is the most bytes that the name of a product has.
const MaxLength = 256

// The kinds of fault. The text of an error says what is wrong and, where the
// input can be understood, gives the canonical form.
var (
	ErrLength       = errors.New("gs1: the URI is too long")
	ErrSyntax       = errors.New("gs1: not a well-formed URI")
	ErrCheckDigit   = errors.New("gs1: wrong check digit")
	ErrNotCanonical = errors.New("gs1: not the canonical form")
	ErrNotProduct   = errors.New("gs1: does not name a product")
)
