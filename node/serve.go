package node

import (
	"context"
	"net"
	"path/filepath"
	"time"

	"github.com/hallmark-ledger/hallmark/node/api"
	"github.com/hallmark-ledger/hallmark/node/txindex"
)

// serve opens the index of transactions and what serves others: the HTTP
// interface and the metrics.
func (n *Node) serve() error {
	index, err := n.openIndex()
	if err != nil {
		return err
	}
	if n.config.API.Listen != "" {
		if err := n.serveAPI(index); err != nil {
			return err
		}
	}
	if n.config.Metrics.Listen == "" {
		return nil
	}
	server, err := n.metrics.Listen(n.config.Metrics.Listen)
	if err != nil {
		return portTrouble(listen{"metrics.listen", n.config.Metrics.Listen}, err)
	}
	n.closers = append(n.closers, server.Close)
	return nil
}

// openIndex opens the index and lets it follow the blocks. It reads CometBFT's
// stores, so it ends before them.
func (n *Node) openIndex() (*txindex.Index, error) {
	dir := filepath.Join(n.config.DataDir(), "txindex")
	index, err := txindex.Open(dir, n, txindex.Options{Logger: n.log.With("module", "index")})
	if err != nil {
		return nil, Troublef(ErrState, "the index of transactions: %v. Delete %s: it is made anew from the blocks", "交易索引：%v。请删除 %s，它会由区块重建", err, dir)
	}
	n.metrics.WatchIndex(func() uint64 {
		_, last := index.Heights()
		return last
	})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := index.Run(ctx); err != nil {
			n.log.Error("the index of transactions does not follow any longer; restart the node 交易索引已停止跟进，请重启节点", "err", err)
		}
	}()
	n.closers = append(n.closers, func() error {
		stop()
		<-ended
		return index.Close()
	})
	return index, nil
}

// serveAPI serves the HTTP interface.
func (n *Node) serveAPI(index *txindex.Index) error {
	c := n.config.API
	card, err := n.readCard()
	if err != nil {
		return err
	}
	server, err := api.New(n, api.Options{
		Index: index, Seals: n.seals, Statements: n.seals, Card: card, Origins: c.CORSOrigins, ReadRate: rate(c.ReadRate), WriteRate: rate(c.WriteRate),
		Connections: c.Connections, ConnectionsEach: unlimited(c.ConnectionsEach), Streams: c.Feeds, StreamsEach: c.FeedsPerAddress, Waits: c.Waits, Submissions: c.Submissions,
		ReadTimeout: c.ReadTimeout, WriteTimeout: c.WriteTimeout, Observer: n.metrics,
	}, n.log.With("module", "api"))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return portTrouble(listen{"api.listen", c.Listen}, err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(listener); err != nil {
			n.log.Error("the HTTP interface has ended; restart the node HTTP 接口已停止，请重启节点", "err", err)
		}
	}()
	n.closers = append(n.closers, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), min(5*time.Second, n.config.Node.StopTimeout/2))
		defer cancel()
		err := server.Shutdown(ctx)
		<-ended
		return err
	})
	return nil
}

// unlimited is the limit that the interface knows by a number below zero if there
// is none.
func unlimited(n int) int {
	if n == 0 {
		return -1
	}
	return n
}

// rate is the limit that the interface knows by a number below zero if there is
// none.
func rate(perSecond int) float64 {
	if perSecond == 0 {
		return -1
	}
	return float64(perSecond)
}
