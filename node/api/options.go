package api

import (
	"time"

	"github.com/hallmark-ledger/hallmark/light"
)

// Options are the settings of the interface. The zero value of a field takes the
// default that its comment names.
type Options struct {
	// Index tells where transactions are. Required.
	Index Index
	// Seals are what bundles and trust cards are made of; default none, and then
	// there are no bundles.
	Seals Seals
	// Statements are what is asked for under /v1/seals; default none.
	Statements Statements
	// Card is the trust card that the node hands out with its pages; default none.
	Card *light.Card

	// Origins are the origins whose pages may use the interface in a browser:
	// those that are named, as https://example.org, may read and submit; with "*"
	// all others may read. Default none: then a browser lets the node's own pages
	// alone read what it answers.
	Origins []string

	// ReadRate and WriteRate are how many requests per second an address may
	// make, to read and to write; the bursts are twice as many at once. An
	// address is that of the connection, of IPv6 its /64. Below zero: no limit.
	// Defaults 200 and 100.
	ReadRate, WriteRate float64
	// Addresses is how many addresses are remembered for that; default 10,000.
	Addresses int

	// Connections is how many connections may be open, ConnectionsEach how many of
	// one address, below zero as many as there are; defaults 4096 and 256.
	Connections, ConnectionsEach int
	// Streams is how many feeds may be open, StreamsEach how many of one address;
	// defaults 256 and 16.
	Streams, StreamsEach int
	// Waits is how many requests may wait for a transaction, of one address a
	// quarter; default 1024.
	Waits int
	// Submissions is how many transactions may be read and checked at a time, of
	// up to the largest size each, of one address a quarter. Others wait. Default
	// 64.
	Submissions int
	// Bundles is how many proofs may be made at a time, of one address a quarter.
	// Others wait for a moment. Default 32.
	Bundles int

	// ReadTimeout is the longest that a request may take to arrive; default 30 s.
	ReadTimeout time.Duration
	// WriteTimeout is the longest that an answer may take to be made and sent,
	// beside the wait that was asked for. For a feed it is the longest that the
	// client may take to read what is sent at once. Default 15 s.
	WriteTimeout time.Duration
	// CommitWait is the longest wait of wait=committed; default 30 s.
	CommitWait time.Duration
	// Heartbeat is the time between signs of life in a feed; default 15 s.
	Heartbeat time.Duration

	// Observer is told of every request, for metrics; default none.
	Observer Observer
}

// Observer is told of requests. It must not block.
type Observer interface {
	// Request is called when an answer is complete. route is the pattern of the
	// path, as "GET /v1/members/{id}", empty if there is none.
	Request(route string, status int, took time.Duration)
	// Streams is called with the number of open feeds when it changes.
	Streams(open int)
}

// maxWait is the longest wait that a request can ask for.
const maxWait = 60 * time.Second

func (o Options) withDefaults() Options {
	number := func(p *int, def int) {
		if *p <= 0 {
			*p = def
		}
	}
	span := func(p *time.Duration, def time.Duration) {
		if *p <= 0 {
			*p = def
		}
	}
	if o.ReadRate == 0 {
		o.ReadRate = 200
	}
	if o.WriteRate == 0 {
		o.WriteRate = 100
	}
	number(&o.Addresses, 10_000)
	number(&o.Connections, 4096)
	if o.ConnectionsEach == 0 {
		o.ConnectionsEach = 256
	}
	number(&o.Streams, 256)
	number(&o.StreamsEach, 16)
	number(&o.Waits, 1024)
	number(&o.Submissions, 64)
	number(&o.Bundles, 32)
	span(&o.ReadTimeout, 30*time.Second)
	span(&o.WriteTimeout, 15*time.Second)
	span(&o.CommitWait, 30*time.Second)
	o.CommitWait = min(o.CommitWait, maxWait)
	span(&o.Heartbeat, 15*time.Second)
	return o
}
