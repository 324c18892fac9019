package difftest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/store"
)

// family is products of a world that are in each other, and the certificates that
// they rely on.
type family struct {
	uris   []string // of products, registered or not, and of their classes
	deep   string   // the first of many that are in each other, if there are
	groups []*group
	r      *rand.Rand
	events []*tracev1.Event // for others to have too
	// chains are what records fold to, by URI; the state may have other entries.
	chains map[string][][]byte
	others []string // keys of entries of which the state has others
	// altered says that some of it is as no ledger writes it.
	altered bool
}

// newFamily makes products and puts their chains, which may be altered, into the
// state.
func newFamily(r *rand.Rand, n int, groups []*group, values map[string][]byte) *family {
	f := &family{r: r, chains: map[string][][]byte{}}
	for range 1 + r.IntN(3) {
		g := pick(r, groups...)
		for range 3 { // most as the ledger writes them
			if g.legal {
				break
			}
			g = pick(r, groups...)
		}
		if !slices.Contains(f.groups, g) {
			f.groups = append(f.groups, g)
		}
	}
	f.altered = chance(r, 30)
	gtin := checked(fmt.Sprintf("%013d", n*1000+r.IntN(1000)))
	f.uris = []string{
		"https://id.gs1.org/01/" + gtin, "https://id.gs1.org/01/" + gtin + "/10/L-1", "https://id.gs1.org/01/" + gtin + "/21/S%2F1",
		fmt.Sprintf("https://example.com/p/%d", n), fmt.Sprintf("urn:uuid:6e8bc430-9c3a-11d9-9669-%012d", n), fmt.Sprintf("https://example.com/q?n=%d", n),
		"https://id.gs1.org/253/" + checked(fmt.Sprintf("%012d", n)) + "A", "https://id.gs1.org/253/" + checked(fmt.Sprintf("%012d", n)),
	}
	deep := chance(r, 10)
	if deep { // a long way
		for i := range 6 + r.IntN(8) {
			f.uris = append(f.uris, fmt.Sprintf("https://example.com/deep/%d/%d", n, i))
		}
		f.deep = f.uris[8]
	}
	for i, uri := range f.uris {
		if chance(r, 75) || deep && i > 7 {
			p := &product{family: f, uri: uri, owner: pick(r, "maker", "maker", "cellco")}
			if deep && i+1 < len(f.uris) {
				p.next = f.uris[i+1]
			}
			p.write(values)
		}
	}
	return f
}

// product is one of which a chain is written.
type product struct {
	*family
	uri, owner, next string
	entries          []*tracev1.Entry
	certificates     []*certificatev1.Ref
	recalls          []uint64
	height           uint64
}

func (p *product) write(values map[string][]byte) {
	r := p.r
	p.height = 1 + r.Uint64N(20)
	for _, g := range p.groups {
		if chance(r, 40) {
			p.certificates = append(p.certificates, &certificatev1.Ref{Issuer: g.ref.Issuer, Number: g.ref.Number})
		}
	}
	registered := &tracev1.Product{
		Uri: p.uri, Owner: p.owner, NameZh: pick(r, "", "电池"), NameEn: "Battery", Certificates: slices.Clone(p.certificates), Reporters: pick(r, nil, nil, []string{"carrier", "depot"}),
	}
	p.add(&tracev1.Entry{What: &tracev1.Entry_Registered{Registered: registered}})
	if p.next != "" {
		p.add(&tracev1.Entry{What: &tracev1.Entry_Event{Event: p.event(tracev1.Part_PART_OUTPUT, p.next)}})
	}
	for range r.IntN(6) {
		p.act()
	}
	record := proto.Clone(registered).(*tracev1.Product)
	record.Certificates, record.Recalls, record.Uses = p.certificates, p.recalls, r.Uint64N(3)
	p.seal(values, record)
}

// add numbers an entry and appends it.
func (p *product) add(e *tracev1.Entry) {
	r := p.r
	tx, key := randomHash(r), randomKey(r)
	p.height += r.Uint64N(3)
	e.N, e.Member, e.Key, e.Height, e.Tx = uint64(len(p.entries)+1), p.owner, key[:], p.height, tx[:]
	e.Time = (firstDay - 700).Start().UnixNano() + int64(p.height)*20*24*int64(time.Hour)
	p.entries = append(p.entries, e)
}

// act appends an entry such as the ledger records, mostly.
func (p *product) act() {
	r := p.r
	e := &tracev1.Entry{}
	switch k := r.IntN(12); {
	case k < 6:
		part := tracev1.Part(1 + r.IntN(5))
		var others []string
		for range r.IntN(3) {
			others = append(others, pick(r, p.uris...))
		}
		event := p.event(part, others...)
		if len(p.family.events) > 0 && chance(r, 30) { // another chain has it too
			event.Hash = pick(r, p.family.events...).Hash
		}
		e.What = &tracev1.Entry_Event{Event: event}
	case k < 8:
		change := &tracev1.CertificateChange{}
		if len(p.certificates) > 0 && chance(r, 50) {
			i := r.IntN(len(p.certificates))
			change.Remove = []*certificatev1.Ref{p.certificates[i]}
			p.certificates = slices.Delete(slices.Clone(p.certificates), i, i+1)
		}
		g := pick(r, p.groups...)
		ref := &certificatev1.Ref{Issuer: g.ref.Issuer, Number: g.ref.Number}
		linked := slices.ContainsFunc(p.certificates, func(c *certificatev1.Ref) bool { return proto.Equal(c, ref) })
		if !linked || p.altered && chance(r, 10) {
			change.Add = []*certificatev1.Ref{ref}
			p.certificates = append(slices.Clone(p.certificates), ref)
		}
		if len(change.Add)+len(change.Remove) == 0 && !p.altered {
			return
		}
		e.What = &tracev1.Entry_Certificates{Certificates: change}
	case k == 8:
		e.What = &tracev1.Entry_Reporters{Reporters: &tracev1.ReporterChange{Reporters: pick(r, nil, []string{"depot"}, []string{"carrier", "depot"})}}
	case k < 11 || len(p.recalls) == 0:
		if chance(r, 60) {
			return
		}
		e.What = &tracev1.Entry_Recall{Recall: &tracev1.RecallEntry{NoteZh: "可能起火", NoteEn: pick(r, "", "may burn"), Regulator: chance(r, 50)}}
		p.recalls = append(slices.Clone(p.recalls), uint64(len(p.entries)+1))
	default:
		e.What = &tracev1.Entry_Lift{Lift: &tracev1.LiftEntry{Recall: p.recalls[0], Note: pick(r, "", "replaced")}}
		p.recalls = p.recalls[1:]
	}
	p.add(e)
}

// event is one of a time near which something about a certificate changes.
func (p *product) event(part tracev1.Part, others ...string) *tracev1.Event {
	r := p.r
	hash, wrong := randomHash(r), randomHash(r)
	day := pick(r, pick(r, p.groups...).days...)
	slices.Sort(others)
	e := &tracev1.Event{
		Hash: hash[:], Time: day.Start().Add(time.Duration(r.Int64N(int64(48 * time.Hour)))).UnixNano(), Offset: pick[int32](r, 480, 480, 0, -330),
		Type: tracev1.EventType(1 + r.IntN(5)), Action: tracev1.Action(r.IntN(4)), Step: pick(r, "", "shipping"), Disposition: pick(r, "", "in_transit"),
		Place: pick(r, "", "https://id.gs1.org/414/9521141111116"), Part: part, Others: slices.Compact(others), Corrects: pick(r, nil, nil, [][]byte{wrong[:]}),
	}
	p.family.events = append(p.family.events, e)
	return e
}

// seal puts the chain into the state, and the record. Of what is altered most folds
// to the head all the same.
func (p *product) seal(values map[string][]byte, record *tracev1.Product) {
	r := p.r
	altered := p.altered && chance(r, 30)
	if altered && chance(r, 30) { // filed at another place
		a, b := pick(r, p.entries...), pick(r, p.entries...)
		if chance(r, 50) {
			a.Height, b.Height = b.Height, a.Height
		} else {
			a.Time, b.Time = b.Time, a.Time
		}
	}
	var head sm3.Hash
	for i, e := range p.entries {
		if altered && chance(r, 40) {
			mutateFields(r, e)
		}
		b := marshal(e)
		if altered && chance(r, 10) {
			b = mutateBytes(r, b)
		}
		p.chains[p.uri] = append(p.chains[p.uri], b)
		digest := sm3.Sum(b)
		head = sm3.Sum(slices.Concat(sm3.TagBlock("hallmark/trace/v1"), head[:], digest[:]))
		if altered && chance(r, 10) {
			// The state has another than the chain, which no ledger writes.
			p.others = append(p.others, string(store.AppendUint64(keyOf(7, 'e', p.uri), uint64(i+1))))
			if other := proto.Clone(e).(*tracev1.Entry); chance(r, 70) {
				mutateFields(r, other)
				b = marshal(other)
			} else {
				b = mutateBytes(r, b)
			}
		}
		values[string(store.AppendUint64(keyOf(7, 'e', p.uri), uint64(i+1)))] = b
	}
	record.Entries, record.Head = uint64(len(p.entries)), head[:]
	if altered && chance(r, 40) {
		mutateFields(r, record)
	}
	b := marshal(record)
	if altered && chance(r, 10) {
		b = mutateBytes(r, b)
	}
	values[string(keyOf(7, 'p', p.uri))] = b
}

// checked appends the check digit of GS1.
func checked(digits string) string {
	sum, weight := 0, 3
	for i := len(digits) - 1; i >= 0; i-- {
		sum += weight * int(digits[i]-'0')
		weight = 4 - weight
	}
	return fmt.Sprintf("%s%d", digits, (10-sum%10)%10)
}
