package metrics

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// tally is how many certificates there are by the English name of their status.
type tally map[string]int64

// counts is the gauge of certificates by status. The package comment says how it
// stays right.
type counts struct {
	mu    sync.Mutex
	tally tally  // guarded by mu; what is counted, and what blocks have changed
	known bool   // guarded by mu: tally is the whole state's
	root  string // guarded by mu; hexadecimal; of the state that tally, if known, is of
	begun bool   // guarded by mu: the count has a version to begin with

	// Set by start, not changed after.
	db     *engine.DB
	file   string
	logger *slog.Logger
	ctx    context.Context
	cancel context.CancelFunc
	done   sync.WaitGroup // the count in the background
}

// counted is the file.
type counted struct {
	Root         string `json:"root"` // of the state, hexadecimal
	Certificates tally  `json:"certificates"`
}

// StartCount starts to count certificates by status, before the first block of
// the process. file is where the counts are kept between starts. Failures are
// logged: the metric is absent then, the node is none the worse.
func (m *Metrics) StartCount(db *engine.DB, file string, logger *slog.Logger) {
	c := &m.counts
	c.mu.Lock()
	defer c.mu.Unlock()
	c.db, c.file, c.logger, c.tally = db, file, logger, tally{}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	version, root := db.Version()
	if version == 0 {
		return // the first block will bring the genesis
	}
	c.root, c.begun = root.String(), true
	kept, err := readCounted(file)
	switch {
	case err == nil && kept.Root == c.root:
		c.tally, c.known = kept.Certificates, true
		return
	case err != nil && !errors.Is(err, os.ErrNotExist):
		logger.Warn("the counts of certificates cannot be read; they are counted again", "err", err)
	}
	c.count(version)
}

// StopCount ends a count and keeps what is known, once consensus has stopped and
// before the store is closed.
func (m *Metrics) StopCount() {
	c := &m.counts
	if c.cancel == nil {
		return
	}
	c.cancel()
	c.done.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.known {
		return
	}
	if err := writeCounted(c.file, counted{c.root, c.tally}); err != nil {
		c.logger.Warn("the counts of certificates cannot be kept; the next start counts them again", "err", err)
	}
}

// count counts the certificates of a version in the background. The caller holds
// mu.
func (c *counts) count(version uint64) {
	release, err := c.db.Pin(version)
	if err != nil {
		c.logger.Error("certificates by status cannot be counted", "err", err)
		return
	}
	c.done.Go(func() {
		defer release()
		found, err := c.scan(version)
		c.mu.Lock()
		defer c.mu.Unlock()
		switch {
		case errors.Is(err, context.Canceled):
		case err != nil:
			c.logger.Error("certificates by status cannot be counted", "err", err)
		default:
			for status, n := range found {
				c.tally[status.String()] += n
			}
			c.known = true
		}
	})
}

// pace is how many certificates are counted between pauses.
const pace = 4096

// scan counts, and rests as long as it works.
func (c *counts) scan(version uint64) (map[rules.Status]int64, error) {
	view, err := c.db.At(version)
	if err != nil {
		return nil, err
	}
	n, start := 0, time.Now()
	return certificate.CountStatuses(view, func() error {
		if n++; n%pace != 0 {
			return nil
		}
		select {
		case <-c.ctx.Done():
			return c.ctx.Err()
		case <-time.After(time.Since(start)):
		}
		start = time.Now()
		return nil
	})
}

// committed adds what a block has changed.
func (c *counts) committed(o *app.Observation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.db == nil {
		return
	}
	c.root = o.Root.String()
	if !c.begun { // the block's version has the genesis and the block
		c.begun = true
		c.count(o.Block.Height)
		return
	}
	c.add(o.Events)
	for _, r := range o.Results {
		c.add(r.Events)
	}
}

// add counts the transitions that events tell of. The caller holds mu.
func (c *counts) add(events []abci.Event) {
	for _, e := range events {
		if !strings.HasPrefix(e.Type, "certificate.") {
			continue
		}
		var from, to string
		for _, a := range e.Attributes {
			switch a.Key {
			case certificate.AttrFrom:
				from = a.Value
			case certificate.AttrStatus:
				to = a.Value
			}
		}
		if from == to {
			continue
		}
		if from != rules.None.String() {
			c.tally[from]--
		}
		c.tally[to]++
	}
}

var certificatesDesc = prometheus.NewDesc(Namespace+"_certificates",
	"Certificates by the status on record; absent until they are counted.", []string{"status"}, nil)

// Describe implements prometheus.Collector.
func (c *counts) Describe(to chan<- *prometheus.Desc) { to <- certificatesDesc }

// Collect implements prometheus.Collector.
func (c *counts) Collect(to chan<- prometheus.Metric) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.known {
		return
	}
	for _, s := range rules.Statuses {
		to <- prometheus.MustNewConstMetric(certificatesDesc, prometheus.GaugeValue, float64(c.tally[s.String()]), s.String())
	}
}

func readCounted(file string) (counted, error) {
	var kept counted
	raw, err := os.ReadFile(file)
	if err != nil {
		return kept, err
	}
	if err := json.Unmarshal(raw, &kept); err != nil {
		return kept, fmt.Errorf("%s: %w", file, err)
	}
	if kept.Certificates == nil {
		return kept, fmt.Errorf("%s: it has no counts", file)
	}
	return kept, nil
}

func writeCounted(file string, kept counted) error {
	raw, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	next := file + ".new"
	if err := os.WriteFile(next, raw, 0o600); err != nil {
		return err
	}
	return os.Rename(next, file)
}
