// Package api serves the HTTP interface of a node: the paths and types of the
// module's package api under /v1, described by an OpenAPI 3.1 document that it
// serves too, and /healthz.
//
//	s, err := api.New(backend, api.Options{Index: index}, logger)
//	err = s.Serve(listener) // until s.Shutdown
//
// A request is answered from one height: that asked for with ?height=, or the
// newest. What is answered is read through Backend, which is the node, and
// Index; the package keeps no data of its own but the last few blocks.
//
// # The way of a request
//
//	count → recover → CORS → rate limit → route → body → handler → answer
//
// Every error is a problem document (RFC 9457), also those of routing and of
// parameters; if the ledger refused something, the refusal is in it, in both
// languages. A handler that panics answers with 500 and stops nothing else.
//
// # What bounds what
//
// Connections, addresses that are remembered, transactions that are read and
// checked at a time, requests that wait for a commit and feeds are each limited
// by number (Options). A body is at most what the ledger's parameters allow of a
// transaction. A feed queues nothing: it reads block after block as its client
// takes them, and is closed if the client takes none for WriteTimeout.
package api
