package sealer

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/cometbft/cometbft/p2p"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	sealv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/seal/v1"
)

const (
	// tickTime is how often it is looked whether something is missing.
	tickTime = 250 * time.Millisecond
	// answerTime is how long a peer may take to answer.
	answerTime = 5 * time.Second
	// Between passes over all heights, and between questions about the newest,
	// that bring nothing, the pause grows from the one to the other.
	leastPause, mostPause, mostPauseNew = 500 * time.Millisecond, time.Minute, 4 * time.Second
)

// catchUp is what the goroutine that asks peers knows.
type catchUp struct {
	told      [2]uint64 // heights that peers were told last
	seen      uint64    // last height at the tick before
	newAt     time.Time // when to ask about the newest heights again
	newPause  time.Duration
	cursor    uint64    // the next height to ask about in this pass; 0: none runs
	passAt    time.Time // when the next pass begins
	passPause time.Duration
	windows   []window // of this pass, to ask about before the heights
	before    uint64   // heights that were sealed here when the pass began
}

// run asks peers for what is missing, until the reactor ends.
func (r *Reactor) run() {
	news, stop := r.store.Notify()
	defer stop()
	tick := time.NewTicker(tickTime)
	defer tick.Stop()
	for {
		select {
		case <-r.ctx.Done():
			return
		case <-news:
			r.late()
			r.tellAll()
			r.pass()
		case <-r.wake:
			r.pass()
		case <-tick.C:
			r.late()
			r.tellAll()
			r.askNewest()
			r.pass()
			r.catch.seen = r.store.last.Load()
		}
	}
}

// late handles what came before its height was executed.
func (r *Reactor) late() {
	for _, h := range r.ripe() {
		if _, err := r.receive(h.from, h.item); err != nil && !errors.Is(err, ErrAhead) {
			r.drop(h.from, err)
		}
	}
}

// tellAll tells peers how far this node is, if that has changed.
func (r *Reactor) tellAll() {
	now := [2]uint64{r.store.last.Load(), r.store.Newest()}
	if now == r.catch.told {
		return
	}
	r.catch.told = now
	for _, p := range r.list() {
		r.tell(p)
	}
}

// askNewest asks one peer about the newest heights that are not sealed, if they
// were there a tick ago.
func (r *Reactor) askNewest() {
	c := &r.catch
	if c.seen == 0 || time.Now().Before(c.newAt) {
		return
	}
	low, high, err := r.store.missing(c.seen, pushHeights)
	if err != nil {
		r.log.Error("seals cannot be read 无法读取签章", "err", err)
		return
	}
	if high == 0 || high+pushHeights <= c.seen {
		c.newPause = 0
		return
	}
	for _, p := range r.idle(low) {
		if r.ask(p, question{low: low, high: high}) {
			c.newPause = min(max(2*c.newPause, leastPause), mostPauseNew)
			c.newAt = time.Now().Add(c.newPause)
			return
		}
	}
}

// pass goes on with a pass over what is not sealed: first the changes of seal
// sets, without which the newest seal says nothing to the holder of an older trust
// card, then all heights, from the newest down. Each idle peer is asked for some.
func (r *Reactor) pass() {
	c := &r.catch
	if c.cursor == 0 {
		if time.Now().Before(c.passAt) || !r.store.source.Live() {
			return
		}
		c.cursor, c.before = r.store.last.Load(), r.store.counts.sealed.Load()
		var err error
		if c.windows, err = r.store.unsealed(r.store.options.Initial); err != nil {
			r.log.Error("seal sets cannot be read 无法读取签章集合", "err", err)
		}
	}
	for _, p := range r.idle(1) {
		if n := len(c.windows); n > 0 && r.ask(p, question{low: c.windows[n-1].low, high: c.windows[n-1].high, handover: true}) {
			c.windows = c.windows[:n-1]
		}
	}
	if len(c.windows) > 0 {
		return
	}
	if c.cursor = min(c.cursor, r.reach()); c.cursor == 0 {
		r.endPass()
		return
	}
	for _, p := range r.idle(1) {
		low, high, err := r.store.missing(c.cursor, maxHeights)
		if err != nil {
			r.log.Error("seals cannot be read 无法读取签章", "err", err)
			return
		}
		if high == 0 {
			r.endPass()
			return
		}
		p.mu.Lock()
		reaches := p.sealed >= low
		p.mu.Unlock()
		if reaches && r.ask(p, question{low: low, high: high}) {
			c.cursor = low - 1
			if c.cursor == 0 {
				r.endPass()
				return
			}
		}
	}
}

// endPass says when the next pass begins: soon if this one brought something.
func (r *Reactor) endPass() {
	c := &r.catch
	c.cursor = 0
	if r.store.counts.sealed.Load() > c.before {
		c.passPause = 0
	}
	c.passPause = min(max(2*c.passPause, leastPause), mostPause)
	c.passAt = time.Now().Add(c.passPause)
}

// reach returns the highest height of which a peer has a seal.
func (r *Reactor) reach() (highest uint64) {
	for _, p := range r.list() {
		p.mu.Lock()
		highest = max(highest, p.sealed)
		p.mu.Unlock()
	}
	return highest
}

// idle returns the peers that have executed a height and that no question is open
// to, in random order. A question that was not answered in time is given up.
func (r *Reactor) idle(height uint64) (list []*peer) {
	now := time.Now()
	for _, p := range r.list() {
		p.mu.Lock()
		if p.asked != nil && now.After(p.asked.until) {
			p.asked = nil
		}
		if p.asked == nil && p.height >= height {
			list = append(list, p)
		}
		p.mu.Unlock()
	}
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// ask sends a request.
func (r *Reactor) ask(p *peer, q question) bool {
	p.mu.Lock()
	if p.asked != nil {
		p.mu.Unlock()
		return false
	}
	p.number++
	q.number, q.until = p.number, time.Now().Add(answerTime)
	p.asked = &q
	p.mu.Unlock()
	sent := p.TrySend(p2p.Envelope{ChannelID: Channel, Message: pack(&sealv1.Message{Kind: &sealv1.Message_Request{
		Request: &sealv1.Request{Number: q.number, Low: q.low, High: q.high, Handover: q.handover},
	}})})
	if !sent {
		p.mu.Lock()
		p.asked = nil
		p.mu.Unlock()
	}
	return sent
}

// answer answers a request.
func (r *Reactor) answer(p *peer, q *sealv1.Request) error {
	if !p.mayAsk() {
		return nil
	}
	items, err := r.store.items(q)
	if err != nil {
		r.log.Error("seals cannot be read 无法读取签章", "err", err)
	}
	p.TrySend(p2p.Envelope{ChannelID: Channel, Message: pack(&sealv1.Message{Kind: &sealv1.Message_Response{
		Response: &sealv1.Response{Number: q.Number, Items: items},
	}})})
	return nil
}

// items returns what the store has for a request.
func (s *Store) items(q *sealv1.Request) (list []*sealv1.Signatures, err error) {
	if q.Handover {
		st, sl, ok, err := s.lastSealed(q.Low, min(q.High, s.last.Load()))
		if err != nil || !ok || st.NextHeight == 0 {
			return nil, err
		}
		return []*sealv1.Signatures{{Statement: st.Append(nil), Seal: sl.Append(nil)}}, nil
	}
	size := 0
	for h := min(q.High, s.last.Load()); h >= q.Low && size < maxResponse; h-- {
		r, err := s.load(h)
		if err != nil {
			return list, err
		}
		if r == nil || len(r.places) == 0 {
			continue
		}
		item := &sealv1.Signatures{Statement: r.statement.Append(nil), Seal: r.seal().Append(nil)}
		size += len(item.Statement) + len(item.Seal)
		list = append(list, item)
	}
	return list, nil
}

// learn takes an answer.
func (r *Reactor) learn(p *peer, m *sealv1.Response) error {
	p.mu.Lock()
	q, number := p.asked, p.number
	if q != nil && q.number == m.Number {
		p.asked = nil
	}
	p.mu.Unlock()
	switch {
	case m.Number == 0 || m.Number > number:
		return fmt.Errorf("%w: a response to request %d, of %d", errMessage, m.Number, number)
	case q == nil || q.number != m.Number:
		return nil // it came too late
	}
	above := q.high + 1
	for _, item := range m.Items {
		st, err := seal.ParseStatement(item.Statement)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrInvalid, err)
		}
		if st.Height < q.low || st.Height >= above {
			return fmt.Errorf("%w: height %d in a response about %d to %d", errMessage, st.Height, q.low, q.high)
		}
		above = st.Height
		if _, err := r.receive(p, item); err != nil {
			return err
		}
		if r.ctx.Err() != nil {
			return nil
		}
	}
	r.nudge()
	return nil
}

// missing returns the highest range of heights, at most high and at most of so
// many, that are not sealed; high is 0 if there is none.
func (s *Store) missing(high uint64, most uint64) (low, top uint64, err error) {
	lowest := max(s.floor.Load()+1, s.options.Initial)
	if high < lowest {
		return 0, 0, nil
	}
	it, err := s.db.ReverseIterator(heightKey(sealedPrefix, lowest), heightKey(sealedPrefix, high+1))
	if err != nil {
		return 0, 0, fmt.Errorf("sealer: %w", err)
	}
	defer it.Close()
	for ; it.Valid() && heightOf(it.Key()) == high; it.Next() {
		if high--; high < lowest {
			return 0, 0, nil
		}
	}
	if it.Valid() {
		lowest = max(lowest, heightOf(it.Key())+1)
	}
	return max(lowest, high-min(high, most-1)), high, it.Error()
}
