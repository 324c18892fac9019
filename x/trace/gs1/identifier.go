package gs1

import (
	"fmt"
	"slices"
	"strings"
)

// identifier describes a GS1 application identifier (AI) that a Digital Link
// has in its path: a key, or the qualifier of one.
type identifier struct {
	ai     string
	alpha  string                             // the word that early releases allowed instead
	form   func(value string) error           // what is wrong with a value's form
	check  func(value string) error           // what is wrong with its check digit
	order  [][]string                         // of a key: its qualifiers, in each order allowed
	level  func(id *identifier, l Link) Level // of a key: what it names; nil: no product
	digits int                                // of a key that may end with a serial: those before it
}

// identifiers is the table of them (GS1 Barcode Syntax Dictionary, entries with
// dlpkey; EPC Tag Data Standard for what names an item and what a class).
var identifiers = []identifier{
	{ai: "01", alpha: "gtin", form: gtin, check: lastDigit, order: [][]string{{"22", "10", "21"}, {"235"}}, level: trade},
	{ai: "8006", alpha: "itip", form: itip, check: firstDigits(14), order: [][]string{{"22", "10", "21"}}, level: trade},
	{ai: "8013", alpha: "gmn", form: gmn, check: lastPair, level: always(Class)},
	{ai: "8010", alpha: "cpid", form: part, order: [][]string{{"8011"}}, level: withQualifier},
	{ai: "414", alpha: "gln", form: digits(13), check: lastDigit, order: [][]string{{"254"}, {"7040"}}},
	{ai: "415", alpha: "payto", form: digits(13), check: lastDigit, order: [][]string{{"8020"}}},
	{ai: "417", alpha: "party", form: digits(13), check: lastDigit, order: [][]string{{"7040"}}},
	{ai: "8017", alpha: "gsrnp", form: digits(18), check: lastDigit, order: [][]string{{"8019"}}},
	{ai: "8018", alpha: "gsrn", form: digits(18), check: lastDigit, order: [][]string{{"8019"}}},
	{ai: "255", alpha: "gcn", form: digitsThen(13, 12, true), check: firstDigits(13), level: serialised, digits: 13},
	{ai: "00", alpha: "sscc", form: digits(18), check: lastDigit, level: always(Item)},
	{ai: "253", alpha: "gdti", form: digitsThen(13, 17, false), check: firstDigits(13), level: serialised, digits: 13},
	{ai: "401", alpha: "ginc", form: prefixed(30)},
	{ai: "402", alpha: "gsin", form: digits(17), check: lastDigit},
	{ai: "8003", alpha: "grai", form: grai, check: firstDigits(14), level: serialised, digits: 14},
	{ai: "8004", alpha: "giai", form: prefixed(30), order: [][]string{{"7040"}}, level: always(Item)},

	{ai: "22", alpha: "cpv", form: text(20)},
	{ai: "10", alpha: "lot", form: text(20)},
	{ai: "21", alpha: "ser", form: text(20)},
	{ai: "235", alpha: "tpx", form: text(28)},
	{ai: "254", alpha: "glnx", form: text(20)},
	{ai: "7040", form: importer},
	{ai: "8011", alpha: "cpsn", form: number(12)},
	{ai: "8019", alpha: "srin", form: number(10)},
	{ai: "8020", alpha: "refno", form: text(25)},
}

// lookup finds an application identifier by its number or word.
func lookup(name string) *identifier {
	for i := range identifiers {
		if id := &identifiers[i]; name != "" && (name == id.ai || name == id.alpha) {
			return id
		}
	}
	return nil
}

// isKey reports whether id identifies by itself.
func (id *identifier) isKey() bool {
	return id.check != nil || id.order != nil || id.level != nil || id.ai == "401"
}

// allows returns what is wrong with qualifiers of the key id, as to which there
// are and in which order.
func (id *identifier) allows(qualifiers []Element) error {
	var forms []string
	for _, order := range id.order {
		next := 0
		fits := true
		for _, q := range qualifiers {
			i := slices.Index(order[next:], q.AI)
			if fits = fits && i >= 0; !fits {
				break
			}
			next += i + 1
		}
		if fits {
			return nil
		}
		forms = append(forms, strings.Join(order, ", "))
	}
	if len(qualifiers) == 0 {
		return nil
	}
	if len(forms) == 0 {
		return fmt.Errorf("%w: nothing may follow a key (%s)", ErrSyntax, id.ai)
	}
	return fmt.Errorf("%w: a key (%s) is followed by these only, in this order: %s", ErrSyntax, id.ai, strings.Join(forms, " or "))
}

// What a value looks like. Each returns an error that says it.

func digits(n int) func(string) error {
	return func(v string) error {
		if len(v) != n || !allDigits(v) {
			return fmt.Errorf("it has %d digits", n)
		}
		return nil
	}
}

func number(most int) func(string) error {
	return func(v string) error {
		if len(v) > most || !allDigits(v) {
			return fmt.Errorf("it has 1 to %d digits", most)
		}
		return nil
	}
}

func text(most int) func(string) error {
	return func(v string) error {
		if v == "" || len(v) > most || !consistsOf(v, alphabet82) {
			return fmt.Errorf("it has 1 to %d characters of GS1's set 82", most)
		}
		return nil
	}
}

// prefixed is a key that begins with a GS1 Company Prefix, of four digits at least.
func prefixed(most int) func(string) error {
	return func(v string) error {
		if len(v) < 5 || !allDigits(v[:4]) || text(most)(v) != nil {
			return fmt.Errorf("it has at most %d characters of GS1's set 82, the first four being digits", most)
		}
		return nil
	}
}

// digitsThen is n digits and a serial of at most more characters.
func digitsThen(n, more int, serialOfDigits bool) func(string) error {
	return func(v string) error {
		if len(v) < n || len(v) > n+more || !allDigits(v[:n]) {
			return fmt.Errorf("it has %d digits and at most %d more characters", n, more)
		}
		if serial := v[n:]; serial != "" && (serialOfDigits && !allDigits(serial) || !consistsOf(serial, alphabet82)) {
			return fmt.Errorf("the serial after the first %d digits has a character that is not allowed there", n)
		}
		return nil
	}
}

func gtin(v string) error {
	if n := len(v); n != 14 || !allDigits(v) {
		return fmt.Errorf("it has 8, 12, 13 or 14 digits")
	}
	return nil
}

func itip(v string) error {
	if len(v) != 18 || !allDigits(v) {
		return fmt.Errorf("it has 18 digits: the GTIN, the piece and the total")
	}
	if piece, total := v[14:16], v[16:]; piece == "00" || piece > total {
		return fmt.Errorf("piece %s of %s cannot be", piece, total)
	}
	return nil
}

func grai(v string) error {
	if !strings.HasPrefix(v, "0") {
		return fmt.Errorf("it begins with 0")
	}
	return digitsThen(14, 16, false)(v)
}

func gmn(v string) error {
	if len(v) < 7 || allDigits(v) {
		return fmt.Errorf("it has a company prefix, a model reference with a character that is no digit, and a check pair")
	}
	return prefixed(25)(v)
}

func part(v string) error {
	const alphabet = "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if len(v) < 5 || len(v) > 30 || !allDigits(v[:4]) || !consistsOf(v, alphabet) {
		return fmt.Errorf("it has at most 30 of the characters # - / 0-9 A-Z, the first four being digits")
	}
	return nil
}

func importer(v string) error {
	const index = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
	if len(v) != 4 || !allDigits(v[:1]) || !consistsOf(v[1:], alphabet82) || !consistsOf(v[3:], index) {
		return fmt.Errorf("it has a digit, two extension characters and an importer index")
	}
	return nil
}

func consistsOf(s, alphabet string) bool {
	for i := range len(s) {
		if strings.IndexByte(alphabet, s[i]) < 0 {
			return false
		}
	}
	return true
}

// What is wrong with a check digit. The form has been checked.

func lastDigit(v string) error { return firstDigits(len(v))(v) }

func firstDigits(n int) func(string) error {
	return func(v string) error {
		if want, ok := checked(v[:n]); !ok {
			return fmt.Errorf("%w: %s should end with %c", ErrCheckDigit, v[:n], want)
		}
		return nil
	}
}

func lastPair(v string) error {
	if want, ok := checkPair(v[:len(v)-2]); !ok || want != v[len(v)-2:] {
		return fmt.Errorf("%w: %s should end with %s", ErrCheckDigit, v, want)
	}
	return nil
}

// What a key names.

func always(level Level) func(*identifier, Link) Level {
	return func(*identifier, Link) Level { return level }
}

// serialised is a key that names an item if a serial follows its digits.
func serialised(id *identifier, l Link) Level {
	if len(l.Key.Value) > id.digits {
		return Item
	}
	return Class
}

func withQualifier(_ *identifier, l Link) Level {
	if len(l.Qualifiers) > 0 {
		return Item
	}
	return Class
}

func trade(_ *identifier, l Link) Level {
	switch {
	case l.has("21") || l.has("235"):
		return Item
	case l.has("10"):
		return Lot
	default:
		return Class
	}
}
