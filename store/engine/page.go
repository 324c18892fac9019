package engine

import (
	"encoding/binary"
	"fmt"

	dbm "github.com/cosmos/cosmos-db"
)

// A page is what the database of values has under one key: up to eight value
// records of one version, one after the other,
//
//	length of key (2) ‖ length of value (4) ‖ key ‖ value
//
// Record n of a page has the location of the page plus n; so a page is under
// the location of any of its records with the last three bits clear. Pages
// exist because an entry costs the database more than the bytes in it: its
// memory table, its log and its merges work entry by entry.
const (
	pageBits  = 3
	pageLen   = 1 << pageBits
	pageBytes = 8 << 10 // a record that would go beyond begins the next page
)

// page returns the location of the page that has the record at l.
func (l location) page() location { return l &^ (pageLen - 1) }

// pager gives places to the records of one version, in the order of writing.
type pager struct {
	version uint64
	index   int // of the next record
	bytes   int // of the page that it may go to
}

// place returns the location of the next record, of size bytes.
func (p *pager) place(size int) location {
	if p.index%pageLen == 0 || p.bytes+size > pageBytes {
		p.turn()
	}
	l := locate(p.version, p.index)
	p.index++
	p.bytes += size
	return l
}

// turn lets the next record begin a page.
func (p *pager) turn() { p.index, p.bytes = (p.index+pageLen-1)&^(pageLen-1), 0 }

// recordHeader is the length in bytes of a record's own lengths.
const recordHeader = 2 + 4

func recordSize(key, value []byte) int { return recordHeader + len(key) + len(value) }

func appendRecord(dst, key, value []byte) []byte {
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(key)))
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(value)))
	dst = append(dst, key...)
	return append(dst, value...)
}

// cutRecord returns the first record of a page, its parts, all of which share
// the page's memory, and the rest of the page.
func cutRecord(page []byte) (record, key, value, rest []byte, err error) {
	if len(page) < recordHeader {
		return nil, nil, nil, nil, fmt.Errorf("%w: a page ends with %d bytes", ErrCorrupt, len(page))
	}
	k, v := int(binary.BigEndian.Uint16(page)), int64(binary.BigEndian.Uint32(page[2:]))
	if k == 0 || int64(recordHeader+k)+v > int64(len(page)) {
		return nil, nil, nil, nil, fmt.Errorf("%w: value record with a key of %d bytes and a value of %d in %d", ErrCorrupt, k, v, len(page))
	}
	end := recordHeader + k + int(v)
	key = page[recordHeader : recordHeader+k : recordHeader+k]
	return page[:end:end], key, page[recordHeader+k : end : end], page[end:], nil
}

// eachRecord calls fn for the records of the page at l, in order.
func eachRecord(l location, page []byte, fn func(l location, record, key []byte) error) error {
	if l != l.page() {
		return fmt.Errorf("%w: a page at %d/%d", ErrCorrupt, l.version(), l&deltaIndex)
	}
	for end := l + pageLen; len(page) > 0; l++ {
		if l == end {
			return fmt.Errorf("%w: the page at %d/%d has more than %d records", ErrCorrupt, l.version(), (l-1).page()&deltaIndex, pageLen)
		}
		record, key, _, rest, err := cutRecord(page)
		if err != nil {
			return fmt.Errorf("%w (at %d/%d)", err, l.version(), l&deltaIndex)
		}
		if err := fn(l, record, key); err != nil {
			return err
		}
		page = rest
	}
	return nil
}

// readRecord returns the key and the value at l.
func readRecord(kv dbm.DB, l location) (key, value []byte, err error) {
	page, err := kv.Get(l.page().key())
	if err != nil {
		return nil, nil, fmt.Errorf("engine: value record %d/%d: %w", l.version(), l&deltaIndex, err)
	}
	for n := l.page(); ; n++ {
		if len(page) == 0 {
			return nil, nil, fmt.Errorf("%w: value record %d/%d is missing", ErrCorrupt, l.version(), l&deltaIndex)
		}
		if _, key, value, page, err = cutRecord(page); err != nil {
			return nil, nil, fmt.Errorf("%w (looking for %d/%d)", err, l.version(), l&deltaIndex)
		}
		if n == l {
			return key, value, nil
		}
	}
}
