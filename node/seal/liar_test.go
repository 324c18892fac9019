package sealer_test

import (
	"slices"
	"testing"
	"time"

	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/p2p/conn"
	"github.com/cometbft/cometbft/version"
	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	sealer "github.com/hallmark-ledger/hallmark/node/seal"
	sealv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/seal/v1"
)

// liar is a reactor that says what a test wants.
type liar struct {
	*p2p.BaseReactor
	peers, gone chan p2p.Peer
}

func (l *liar) GetChannels() []*conn.ChannelDescriptor {
	return []*conn.ChannelDescriptor{{ID: sealer.Channel, Priority: 1, RecvMessageCapacity: 1 << 20, MessageType: &wire{}}}
}

func (l *liar) AddPeer(p p2p.Peer)           { l.peers <- p }
func (l *liar) RemovePeer(p p2p.Peer, _ any) { l.gone <- p }

// wire is a message as it goes over the wire.
type wire struct{ bytes []byte }

func (f *wire) Reset()                   { f.bytes = nil }
func (f *wire) String() string           { return "" }
func (f *wire) ProtoMessage()            {}
func (f *wire) Marshal() ([]byte, error) { return f.bytes, nil }
func (f *wire) Unmarshal(b []byte) error { f.bytes = slices.Clone(b); return nil }
func (f *wire) Merge(interface {
	Reset()
	String() string
	ProtoMessage()
}) {
}

// dial connects a liar to a node.
func (m *member) dial() (*liar, p2p.Peer) {
	m.net.Helper()
	cfg := config.DefaultP2PConfig()
	cfg.AllowDuplicateIP, cfg.AddrBookStrict = true, false
	key := p2p.NodeKey{PrivKey: ed25519.GenPrivKey()}
	info := p2p.DefaultNodeInfo{
		ProtocolVersion: p2p.NewProtocolVersion(version.P2PProtocol, version.BlockProtocol, 0), DefaultNodeID: key.ID(),
		ListenAddr: freeAddress(), Network: apptest.Chain, Version: "0.40.0", Channels: []byte{sealer.Channel}, Moniker: "liar",
	}
	transport := p2p.NewMultiplexTransport(info, key, p2p.MConnConfig(cfg))
	l := &liar{peers: make(chan p2p.Peer, 1), gone: make(chan p2p.Peer, 1)}
	l.BaseReactor = p2p.NewBaseReactor("LIAR", l)
	sw := p2p.NewSwitch(cfg, transport)
	sw.AddReactor("LIAR", l)
	sw.SetNodeInfo(info)
	sw.SetNodeKey(&key)
	own, err := p2p.NewNetAddressString(p2p.IDAddressString(key.ID(), info.ListenAddr))
	if err != nil {
		m.net.Fatal(err)
	}
	if err := transport.Listen(*own); err != nil {
		m.net.Fatal(err)
	}
	if err := sw.Start(); err != nil {
		m.net.Fatal(err)
	}
	m.net.Cleanup(func() { _ = sw.Stop(); _ = transport.Close() })
	address, err := p2p.NewNetAddressString(m.id.NodeID + "@" + m.p2p)
	if err != nil {
		m.net.Fatal(err)
	}
	if err := sw.DialPeerWithAddress(address); err != nil {
		m.net.Fatal(err)
	}
	return l, <-l.peers
}

// TestLiar: a peer that sends a signature that is none is disconnected; one that
// sends good ones stays.
func TestLiar(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, 1, 0)
	n.start()
	m := n.nodes[0]
	m.awaitSealed(3)
	send := func(p p2p.Peer, edit func(*sealv1.Signatures)) {
		t.Helper()
		st, sl, ok, err := m.Seals().Sealed(2)
		if err != nil || !ok {
			t.Fatal(err)
		}
		item := &sealv1.Signatures{Statement: st.Append(nil), Seal: sl.Append(nil)}
		edit(item)
		b, err := proto.Marshal(&sealv1.Message{Kind: &sealv1.Message_Signatures{Signatures: item}})
		if err != nil {
			t.Fatal(err)
		}
		if !p.Send(p2p.Envelope{ChannelID: sealer.Channel, Message: &wire{bytes: b}}) {
			t.Fatal("not sent")
		}
	}
	l, p := m.dial()
	send(p, func(*sealv1.Signatures) {})
	select {
	case <-l.gone:
		t.Fatal("an honest peer was disconnected")
	case <-time.After(300 * time.Millisecond):
	}
	send(p, func(s *sealv1.Signatures) { s.Seal[20] ^= 1 })
	select {
	case <-l.gone:
	case <-time.After(wait):
		t.Fatal("a liar is still connected")
	}
	if stats, err := m.Seals().Stats(); err != nil || stats.Dropped != 1 {
		t.Errorf("%+v, %v", stats, err)
	}
	before := m.Seals().Newest()
	m.awaitSealed(before + 1) // it goes on
}

// TestNoKey: a validator whose seal key cannot be opened takes part in consensus.
func TestNoKey(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, 1, 0)
	m := n.nodes[0]
	m.locked = true
	n.start()
	m.feed()
	m.awaitHeight(5)
	if m.Seals().Newest() != 0 {
		t.Error("it seals without a key")
	}
	status, err := m.Status(t.Context())
	if err != nil || status.SealedHeight != 0 || status.SealLag < 5 || !slices.Equal(status.Unsealed, []string{"val-00"}) {
		t.Errorf("%+v, %v", status, err)
	}
	m.stop()
	m.locked = false
	n.start()
	m.awaitAll(1, 5) // and then it seals what was not
}
