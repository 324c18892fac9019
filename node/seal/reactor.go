package sealer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/p2p/conn"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	sealv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/seal/v1"
)

// ReactorName is the name for CometBFT.
const ReactorName = "SEAL"

// pushHeights is how many of the newest heights' signatures are sent on as they
// come. Older ones are asked for.
const pushHeights = 16

// Reactor exchanges signatures with peers. What arrives is handled on a goroutine
// of the peer's own, never on the one that receives for all of CometBFT.
type Reactor struct {
	*p2p.BaseReactor
	store *Store
	log   *slog.Logger
	wake  chan struct{} // capacity 1: something to ask for, maybe

	working sync.WaitGroup
	ctx     context.Context // ends with the reactor
	cancel  context.CancelFunc

	mu    sync.Mutex
	peers map[p2p.ID]*peer // guarded by mu
	early early            // guarded by mu

	catch catchUp // of its goroutine
}

// NewReactor returns the reactor of a store. CometBFT starts and stops it.
func NewReactor(store *Store) *Reactor {
	r := &Reactor{store: store, log: store.log, wake: make(chan struct{}, 1), peers: map[p2p.ID]*peer{}, early: early{items: map[uint64][]held{}}}
	r.BaseReactor = p2p.NewBaseReactor(ReactorName, r)
	r.ctx, r.cancel = context.WithCancel(context.Background())
	return r
}

// GetChannels implements p2p.Reactor.
func (r *Reactor) GetChannels() []*conn.ChannelDescriptor {
	return []*conn.ChannelDescriptor{{
		ID: Channel, Priority: 3, SendQueueCapacity: 128, RecvMessageCapacity: maxMessage, MessageType: &frame{},
	}}
}

// OnStart implements service.Service.
func (r *Reactor) OnStart() error {
	r.working.Go(r.run)
	return nil
}

// OnStop implements service.Service.
func (r *Reactor) OnStop() {
	r.mu.Lock() // no peer is added from now on
	r.cancel()
	r.mu.Unlock()
	r.working.Wait()
}

// peerKey is where a peer's own state is kept.
const peerKey = "hallmark/seal"

// InitPeer implements p2p.Reactor.
func (r *Reactor) InitPeer(p p2p.Peer) p2p.Peer {
	p.Set(peerKey, newPeer(p))
	return p
}

// AddPeer implements p2p.Reactor.
func (r *Reactor) AddPeer(p p2p.Peer) {
	one, ok := p.Get(peerKey).(*peer)
	if !ok {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx.Err() != nil {
		return
	}
	r.peers[p.ID()] = one
	r.working.Go(func() { r.serve(one) })
	r.tell(one)
	r.nudge()
}

// RemovePeer implements p2p.Reactor.
func (r *Reactor) RemovePeer(p p2p.Peer, _ any) {
	one, ok := p.Get(peerKey).(*peer)
	if !ok {
		return
	}
	one.once.Do(func() { close(one.gone) })
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.peers[p.ID()] == one {
		delete(r.peers, p.ID())
	}
}

// Receive implements p2p.Reactor: it only puts the message where the peer's
// goroutine finds it.
func (r *Reactor) Receive(e p2p.Envelope) {
	one, ok := e.Src.Get(peerKey).(*peer)
	f, is := e.Message.(*frame)
	if !ok || !is {
		return
	}
	select {
	case one.inbox <- f.bytes:
	default: // it sends faster than it is listened to
	}
}

// serve handles the messages of a peer until it is gone.
func (r *Reactor) serve(p *peer) {
	for {
		select {
		case <-r.ctx.Done():
			return
		case <-p.gone:
			return
		case b := <-p.inbox:
			if err := r.handle(p, b); err != nil {
				r.drop(p, err)
				return
			}
		}
	}
}

// drop disconnects a peer.
func (r *Reactor) drop(p *peer, err error) {
	r.store.counts.dropped.Add(1)
	r.log.Warn("a peer is disconnected for what it sent about seals 因签章消息无效断开对等节点", "peer", string(p.ID()), "err", err)
	r.Switch.StopPeerForError(p.Peer, err)
}

// handle handles a message. An error is the peer's fault.
func (r *Reactor) handle(p *peer, b []byte) error {
	m, err := unpack(b)
	if err != nil {
		return err
	}
	switch k := m.Kind.(type) {
	case *sealv1.Message_Status:
		p.mu.Lock()
		p.height, p.sealed = k.Status.Height, k.Status.Sealed
		p.mu.Unlock()
		r.nudge()
	case *sealv1.Message_Signatures:
		return r.take(p, k.Signatures)
	case *sealv1.Message_Request:
		return r.answer(p, k.Request)
	case *sealv1.Message_Response:
		return r.learn(p, k.Response)
	}
	return nil
}

// take takes signatures that a peer sent unasked, and sends on what is new.
func (r *Reactor) take(p *peer, item *sealv1.Signatures) error {
	if !p.may(1 + len(item.Seal)/sm2.SignatureSize) {
		return nil
	}
	_, err := r.receive(p, item)
	if errors.Is(err, ErrAhead) {
		return r.hold(p, item)
	}
	return err
}

// receive gives signatures to the store. An error is the peer's fault, or
// ErrAhead.
func (r *Reactor) receive(p *peer, item *sealv1.Signatures) (news bool, err error) {
	fresh, err := r.store.Receive(item.Statement, item.Seal)
	switch {
	case errors.Is(err, ErrInvalid), errors.Is(err, ErrAhead):
		return false, err
	case errors.Is(err, ErrIgnored):
		return false, nil
	case err != nil:
		r.log.Error("signatures cannot be kept 无法保存签名", "err", err)
		return false, nil
	case fresh == nil:
		return false, nil
	}
	p.learn(fresh.Height, fresh.Places)
	if fresh.Height+pushHeights > r.store.last.Load() {
		r.push(fresh, p)
	}
	return true, nil
}

// Publish sends new signatures to all peers.
func (r *Reactor) Publish(fresh *Fresh) { r.push(fresh, nil) }

// push sends signatures to the peers that are not known to have them.
func (r *Reactor) push(fresh *Fresh, except *peer) {
	m := pack(&sealv1.Message{Kind: &sealv1.Message_Signatures{Signatures: &sealv1.Signatures{Statement: fresh.Statement, Seal: fresh.Seal}}})
	for _, p := range r.list() {
		if p != except && p.learn(fresh.Height, fresh.Places) {
			p.TrySend(p2p.Envelope{ChannelID: Channel, Message: m}) // if it is lost, the peer asks for it
		}
	}
}

// list returns the peers.
func (r *Reactor) list() []*peer {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]*peer, 0, len(r.peers))
	for _, p := range r.peers {
		list = append(list, p)
	}
	return list
}

// tell sends a peer how far this node is.
func (r *Reactor) tell(p *peer) {
	last, newest := r.store.last.Load(), r.store.Newest()
	p.TrySend(p2p.Envelope{ChannelID: Channel, Message: pack(&sealv1.Message{Kind: &sealv1.Message_Status{
		Status: &sealv1.Status{Height: last, Sealed: min(newest, last)},
	}})})
}

func (r *Reactor) nudge() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

const (
	// What may wait for heights that are not executed yet: so many heights ahead,
	// so many messages, of one peer so many.
	maxAhead, maxEarly, maxEarlyEach = 8, 512, 64
)

// early is what came before its height was executed.
type early struct {
	items map[uint64][]held
	count int
	each  map[p2p.ID]int
}

type held struct {
	from *peer
	item *sealv1.Signatures
}

// hold keeps a message for a height that is about to be executed.
func (r *Reactor) hold(p *peer, item *sealv1.Signatures) error {
	st, err := seal.ParseStatement(item.Statement)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := &r.early; st.Height <= r.store.last.Load()+maxAhead && e.count < maxEarly && e.each[p.ID()] < maxEarlyEach {
		if e.each == nil {
			e.each = map[p2p.ID]int{}
		}
		e.items[st.Height] = append(e.items[st.Height], held{p, item})
		e.count++
		e.each[p.ID()]++
	}
	return nil
}

// ripe takes what was held for heights that are executed by now.
func (r *Reactor) ripe() (list []held) {
	r.mu.Lock()
	defer r.mu.Unlock()
	last := r.store.last.Load()
	for h, items := range r.early.items {
		if h > last {
			continue
		}
		list = append(list, items...)
		delete(r.early.items, h)
		r.early.count -= len(items)
		for _, one := range items {
			if r.early.each[one.from.ID()]--; r.early.each[one.from.ID()] == 0 {
				delete(r.early.each, one.from.ID())
			}
		}
	}
	return list
}
