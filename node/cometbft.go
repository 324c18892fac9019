package node

import (
	"strings"

	"github.com/cometbft/cometbft/config"
)

// comet returns CometBFT's configuration. It has no file of its own: what is not
// set here is as CometBFT has it by default. Databases are goleveldb, the one
// that CometBFT has without build tags.
func (c *Config) comet() (*config.Config, error) {
	out := config.DefaultConfig()
	out.SetRoot(c.Home)
	out.Moniker = c.Node.Name
	out.Genesis, out.NodeKey = c.GenesisFile(), c.NodeKeyFile()
	out.PrivValidatorKey, out.PrivValidatorState = c.ValidatorKeyFile(), c.ValidatorStateFile()

	p := out.P2P
	p.ListenAddress, p.ExternalAddress, p.AddrBook = tcp(c.P2P.Listen), c.P2P.ExternalAddress, "data/addrbook.json"
	p.PersistentPeers, p.Seeds = strings.Join(c.P2P.PersistentPeers, ","), strings.Join(c.P2P.Seeds, ",")
	p.UnconditionalPeerIDs, p.PrivatePeerIDs = strings.Join(c.P2P.UnconditionalPeers, ","), strings.Join(c.P2P.PrivatePeers, ",")
	p.PexReactor, p.SeedMode, p.AddrBookStrict, p.AllowDuplicateIP = c.P2P.Pex, c.P2P.SeedMode, c.P2P.StrictAddresses, c.P2P.DuplicateIP
	p.MaxNumInboundPeers, p.MaxNumOutboundPeers = c.P2P.MaxInbound, c.P2P.MaxOutbound
	p.SendRate, p.RecvRate = int64(c.P2P.SendRate), int64(c.P2P.ReceiveRate)
	p.PersistentPeersMaxDialPeriod = c.P2P.Redial
	p.LibP2PConfig.Enabled = false

	r := out.RPC
	r.ListenAddress = tcp(c.RPC.Listen)
	r.CORSAllowedOrigins = c.RPC.CORSOrigins
	r.MaxOpenConnections, r.MaxBodyBytes = c.RPC.MaxConnections, int64(c.RPC.MaxBody)
	r.PprofListenAddress = c.Metrics.PprofListen

	m := out.Mempool
	m.Type = config.MempoolTypeFlood
	m.Recheck = true // the application forgets at each block what it let in; see app.CheckTx
	m.Size, m.MaxTxsBytes, m.MaxTxBytes = c.Mempool.MaxTransactions, int64(c.Mempool.MaxBytes), int(c.Mempool.MaxTransaction)
	m.CacheSize = c.Mempool.SeenCache

	out.BlockSync.AdaptiveSync = false // a validator must not vote before it is at the network's height

	s := out.Consensus
	s.TimeoutPropose, s.TimeoutProposeDelta = c.Consensus.TimeoutPropose, c.Consensus.TimeoutProposeDelta
	s.TimeoutPrevote, s.TimeoutPrevoteDelta = c.Consensus.TimeoutVote, c.Consensus.TimeoutVoteDelta
	s.TimeoutPrecommit, s.TimeoutPrecommitDelta = c.Consensus.TimeoutVote, c.Consensus.TimeoutVoteDelta
	s.TimeoutCommit = c.Consensus.TimeoutCommit
	s.CreateEmptyBlocks, s.CreateEmptyBlocksInterval = true, c.Consensus.Heartbeat
	s.PeerGossipSleepDuration = c.Consensus.GossipInterval
	s.BlockTimeTolerance = c.Consensus.ClockTolerance
	s.DoubleSignCheckHeight = int64(c.Consensus.DoubleSignCheck)

	out.Storage.DiscardABCIResponses = false // the API reads them
	out.TxIndex.Indexer = "null"             // node/txindex has what is asked for, at a fraction of the cost
	out.Instrumentation.Prometheus = false   // node/metrics serves them with our own
	return out, out.ValidateBasic()
}

func tcp(address string) string {
	if address == "" {
		return ""
	}
	return "tcp://" + address
}
