// Package metrics keeps what a node tells Prometheus: CometBFT's own metrics
// (cometbft_…) and those of the application, the store, the index of
// transactions and the HTTP interface (hallmark_…), in one registry for each
// node.
//
// A node makes them with New and passes itself on:
//
//	m := metrics.New()
//	app.Options.Observer  = m             // blocks, transactions, certificates
//	cometbft node.NewNode(…, m.CometBFT(), …)
//	m.WatchStore(db)                      // sizes
//	m.WatchIndex(height)                  // where the index of transactions is
//	m.WatchDisk(dataFolder)               // space left
//	m.SetMempoolLimits(txs, bytes)
//	m.StartCount(db, file, logger)        // certificates by status; before NewNode, which may execute blocks
//	api.Options.Observer = m              // requests
//	server, err := m.Listen(address)      // GET /metrics
//	…
//	server.Close(); m.StopCount()         // after consensus has stopped, before db.Close
//
// # Certificates by status
//
// The gauge hallmark_certificates is right after every start without a scan of
// the state: a node that stops in order writes the counts to a file, with the
// state root that they belong to, and takes them from there if the state has
// that root when it starts. Otherwise (after a crash, or the first time) the
// heads of a pinned version are counted in the background, at most half of the
// time, while the events of later blocks are added up. Until then the gauge is
// absent, not wrong.
package metrics
