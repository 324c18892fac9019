package node

import "time"

// Config is the configuration of a node, and its manual: from the tags below
// come the file with its comments, the defaults, the checks, the names in the
// environment and what `hallmarkd config` prints.
//
//	key      name in the file, in its section: [p2p] listen
//	default  as written in the file; lists are separated by commas
//	min max  bounds, both allowed
//	form     one of the checks in forms
//	zh en    what it is for
//
// Load makes one. It is not changed afterwards.
type Config struct {
	Home string // the folder, absolute

	Node struct {
		Name        string        `key:"name" default:"hallmark" form:"name" zh:"节点名称，告知其他节点。" en:"Name of the node, told to its peers."`
		StopTimeout time.Duration `key:"stop_timeout" default:"30s" min:"1s" max:"10m" zh:"停止时最多等待多久；到时强行退出，数据无损。" en:"How long a stop may take; then the process ends anyway, and loses nothing."`
	} `key:"node" zh:"节点" en:"The node"`

	P2P struct {
		Listen             string        `key:"listen" default:"0.0.0.0:26656" form:"listen" zh:"监听其他节点的地址。" en:"Where peers connect to."`
		ExternalAddress    string        `key:"external_address" form:"address?" zh:"其他节点应连接的公网地址；留空则用监听地址。" en:"Address for peers to dial, if it is not the one above: host:port."`
		PersistentPeers    []string      `key:"persistent_peers" form:"peer" zh:"始终保持连接的节点：节点号@主机:端口。" en:"Peers to stay connected to: id@host:port."`
		Seeds              []string      `key:"seeds" form:"peer" zh:"用于发现其他节点的种子节点。" en:"Nodes that know others, asked when peers are lacking."`
		UnconditionalPeers []string      `key:"unconditional_peers" form:"id" zh:"不受连接数限制的节点号。" en:"Ids of peers that no limit applies to."`
		PrivatePeers       []string      `key:"private_peers" form:"id" zh:"不告知他人的节点号（哨兵之后的验证节点）。" en:"Ids that are never told to others: validators behind sentries."`
		Pex                bool          `key:"pex" default:"true" zh:"与其他节点交换地址；哨兵之后的验证节点应关闭。" en:"Exchange addresses with peers; off on a validator behind sentries."`
		SeedMode           bool          `key:"seed_mode" default:"false" zh:"作为种子节点，只回答地址。" en:"Be a seed: answer with addresses and hang up."`
		StrictAddresses    bool          `key:"strict_addresses" default:"true" zh:"只记录可路由的地址；内网或本机网络应关闭。" en:"Keep routable addresses only; off in private networks."`
		DuplicateIP        bool          `key:"duplicate_ip" default:"false" zh:"允许同一 IP 的多个节点。" en:"Allow several peers of one IP."`
		MaxInbound         int           `key:"max_inbound" default:"40" min:"0" max:"1000" zh:"连入节点数上限。" en:"Most peers that connect to this node."`
		MaxOutbound        int           `key:"max_outbound" default:"10" min:"0" max:"1000" zh:"连出节点数上限，不计上面的固定节点。" en:"Most peers that this node connects to, beside persistent ones."`
		SendRate           Size          `key:"send_rate" default:"20MiB" min:"64KiB" max:"1GiB" zh:"每个节点每秒发送上限。" en:"Most that is sent to a peer in a second."`
		ReceiveRate        Size          `key:"receive_rate" default:"20MiB" min:"64KiB" max:"1GiB" zh:"每个节点每秒接收上限。" en:"Most that is received from a peer in a second."`
		Redial             time.Duration `key:"redial" default:"30s" min:"1s" max:"1h" zh:"固定节点断开后，重连间隔的上限。" en:"Longest pause before a persistent peer is dialled again."`
	} `key:"p2p" zh:"节点间通信" en:"Peers"`

	RPC struct {
		Listen         string   `key:"listen" default:"127.0.0.1:26657" form:"listen?" zh:"CometBFT 自身的 RPC；留空则关闭。勿直接对公网开放。" en:"CometBFT's own RPC; empty: off. Not for the open Internet."`
		MaxConnections int      `key:"max_connections" default:"900" min:"1" max:"100000" zh:"连接数上限。" en:"Most connections at a time."`
		MaxBody        Size     `key:"max_body" default:"4MiB" min:"64KiB" max:"64MiB" zh:"请求体上限。" en:"Largest body of a request."`
		CORSOrigins    []string `key:"cors_origins" form:"origin" zh:"允许的网页来源：[] 为无，* 为任意来源。" en:"Origins of web pages that may call: [] is none, * any."`
	} `key:"rpc" zh:"CometBFT 的 RPC" en:"CometBFT's RPC"`

	API struct {
		Listen          string        `key:"listen" default:"127.0.0.1:8480" form:"listen?" zh:"HTTP 接口 /v1；留空则关闭。" en:"The HTTP interface /v1; empty: off."`
		CardFile        string        `key:"card_file" zh:"随核验页面 /verify 提供的信任卡文件；留空则不提供，由使用者自备。" en:"File with the trust card that goes with the page /verify; empty: none, and users bring their own."`
		CORSOrigins     []string      `key:"cors_origins" default:"*" form:"origin" zh:"允许调用的网页来源：[] 为无；* 为任意来源，仅可读取；列出的来源也可提交。" en:"Origins of web pages that may call: [] is none, * any, for reading; those named may submit too."`
		ReadRate        int           `key:"read_rate" default:"200" min:"0" max:"1000000" zh:"每个地址每秒读请求数；0 为不限。" en:"Requests to read, of an address in a second; 0: no limit."`
		WriteRate       int           `key:"write_rate" default:"100" min:"0" max:"1000000" zh:"每个地址每秒写请求数；0 为不限。" en:"Requests to submit or check, of an address in a second; 0: no limit."`
		Connections     int           `key:"connections" default:"4096" min:"1" max:"1000000" zh:"连接数上限。" en:"Most connections at a time."`
		ConnectionsEach int           `key:"connections_per_address" default:"256" min:"0" max:"1000000" zh:"每个地址的连接数上限，超出者立即关闭；0 为不限。" en:"Most connections of an address at a time, more are closed at once; 0: no limit."`
		Feeds           int           `key:"feeds" default:"256" min:"1" max:"100000" zh:"变更订阅数上限。" en:"Most open feeds."`
		FeedsPerAddress int           `key:"feeds_per_address" default:"16" min:"1" max:"100000" zh:"每个地址的变更订阅数上限。" en:"Most open feeds of an address."`
		Waits           int           `key:"waits" default:"1024" min:"1" max:"1000000" zh:"等待交易上链的请求数上限。" en:"Most requests that wait for a transaction."`
		Submissions     int           `key:"submissions" default:"32" min:"1" max:"10000" zh:"同时接收和检查的交易数上限。" en:"Most transactions that are received and checked at a time."`
		ReadTimeout     time.Duration `key:"read_timeout" default:"30s" min:"1s" max:"10m" zh:"接收请求的时限。" en:"Longest that a request may take to arrive."`
		WriteTimeout    time.Duration `key:"write_timeout" default:"15s" min:"1s" max:"10m" zh:"生成并发送应答的时限。" en:"Longest that an answer may take to be made and sent."`
	} `key:"api" zh:"HTTP 接口" en:"The HTTP interface"`

	Metrics struct {
		Listen      string `key:"listen" default:"127.0.0.1:26660" form:"listen?" zh:"Prometheus 指标 /metrics；留空则关闭。" en:"Prometheus metrics, /metrics; empty: off."`
		PprofListen string `key:"pprof_listen" form:"listen?" zh:"Go 性能分析 /debug/pprof；留空则关闭。勿对外开放。" en:"Go's profiles, /debug/pprof; empty: off. Never for others."`
	} `key:"metrics" zh:"监控" en:"Metrics"`

	Consensus struct {
		TimeoutCommit       time.Duration `key:"timeout_commit" default:"500ms" min:"0s" max:"1m" zh:"出块后等待迟到投票的时间，即最短出块间隔。" en:"Wait for late votes after a block: the shortest time between blocks."`
		Heartbeat           time.Duration `key:"heartbeat" default:"30s" min:"1s" max:"1h" zh:"无交易时每隔多久出一个空块，使时间与签章保持新鲜。全网应一致。" en:"Without transactions, a block this often, so that time and seals stay fresh. The same on every validator."`
		TimeoutPropose      time.Duration `key:"timeout_propose" default:"3s" min:"100ms" max:"1m" zh:"等待提案的时间。" en:"Wait for a proposal."`
		TimeoutProposeDelta time.Duration `key:"timeout_propose_delta" default:"500ms" min:"0s" max:"1m" zh:"每多一轮增加的时间。" en:"What each further round adds to it."`
		TimeoutVote         time.Duration `key:"timeout_vote" default:"1s" min:"50ms" max:"1m" zh:"收到三分之二投票但未达成一致时的等待时间。" en:"Wait for more votes once two thirds are in and do not agree."`
		TimeoutVoteDelta    time.Duration `key:"timeout_vote_delta" default:"500ms" min:"0s" max:"1m" zh:"每多一轮增加的时间。" en:"What each further round adds to it."`
		GossipInterval      time.Duration `key:"gossip_interval" default:"50ms" min:"2ms" max:"1s" zh:"无新内容时，检查应发给其他节点何物的间隔。" en:"How often it is looked what a peer lacks, when nothing was to be sent."`
		ClockTolerance      time.Duration `key:"clock_tolerance" default:"1m" min:"1s" max:"1h" zh:"提案的区块时间最多可超前本机时钟多少。" en:"How far the time of a proposed block may be ahead of this clock."`
		DoubleSignCheck     int           `key:"double_sign_check" default:"0" min:"0" max:"1000" zh:"启动时检查最近多少区块有无本密钥的签名，有则拒绝启动；0 为不检查。" en:"Do not start if this key signed one of the last so many blocks; 0: not looked at."`
	} `key:"consensus" zh:"共识" en:"Consensus"`

	Mempool struct {
		MaxTransactions int  `key:"max_transactions" default:"10000" min:"100" max:"1000000" zh:"等待中的交易数上限。" en:"Most transactions that wait."`
		MaxBytes        Size `key:"max_bytes" default:"256MiB" min:"16MiB" max:"16GiB" zh:"等待中的交易总字节上限。" en:"Most bytes that wait."`
		MaxTransaction  Size `key:"max_transaction" default:"4MiB" min:"128KiB" max:"16MiB" zh:"单笔交易上限；不小于账本参数 max_tx_bytes。" en:"Largest transaction; not below the ledger's parameter max_tx_bytes."`
		SeenCache       int  `key:"seen_cache" default:"50000" min:"1000" max:"10000000" zh:"记住多少已见过的交易。" en:"How many transactions are remembered as seen."`
	} `key:"mempool" zh:"交易池" en:"Transactions that wait"`

	State struct {
		RetainVersions int  `key:"retain_versions" default:"128" min:"1" max:"1000000" zh:"可查询并证明多少个最新高度的状态。" en:"Of how many newest heights the state can be read and proven."`
		MemoryBound    Size `key:"memory_bound" default:"0" min:"0" max:"1TiB" zh:"状态树与历史差异占用内存的上限；0 为不限（最快）。" en:"Memory for the trie and the differences to older heights; 0: no bound, the fastest."`
		Cache          Size `key:"cache" default:"64MiB" min:"1MiB" max:"256GiB" zh:"值数据库的块缓存。" en:"Block cache of the database of values."`
		SignatureCache int  `key:"signature_cache" default:"262144" min:"1024" max:"100000000" zh:"记住多少已验证的签名，每个约 100 字节。" en:"How many verified signatures are remembered, about 100 bytes each."`
	} `key:"state" zh:"状态" en:"The state"`

	Blocks struct {
		Retain int `key:"retain" default:"0" min:"0" max:"1000000000" zh:"保留多少个最新区块；0 为全部。更早的区块不能再查询，其他节点也不能由此追赶。" en:"How many newest blocks are kept; 0: all. Older ones can no longer be asked for, nor fetched by nodes that catch up."`
	} `key:"blocks" zh:"区块" en:"Blocks"`

	Seal struct {
		PassphraseFile string        `key:"passphrase_file" zh:"签章密钥口令文件；留空则取 HALLMARKD_PASSPHRASE，否则在终端询问。" en:"File with the pass phrase of the seal keys; empty: HALLMARKD_PASSPHRASE, or else it is asked for on a terminal."`
		SignTimeout    time.Duration `key:"sign_timeout" default:"5s" min:"100ms" max:"5m" zh:"签章密钥一次签名的时限；超时者稍后再试，不影响共识。" en:"How long the seal key may take to sign; what takes longer is tried again, and consensus does not wait."`
		Retain         int           `key:"retain" default:"100000" min:"1000" max:"1000000000" zh:"保留多少个最新高度的签章；交接签章永久保留。" en:"Of how many newest heights seals are kept; handovers are kept for ever."`
	} `key:"seal" zh:"签章" en:"Seals"`

	Log struct {
		Level   string   `key:"level" default:"info" form:"level" zh:"日志级别：debug、info、warn、error。" en:"Level: debug, info, warn or error."`
		Modules []string `key:"modules" default:"consensus:warn,state:warn,p2p:warn,pex:warn,mempool:warn,blocksync:warn,statesync:warn,events:warn,proxy:warn,rpc:warn,rpc-server:warn,evidence:warn,txindex:warn" form:"module" zh:"各模块的级别，优先于上面的级别。" en:"Levels of single modules, before the one above."`
		Format  string   `key:"format" default:"text" form:"format" zh:"格式：text 或 json。" en:"Format: text or json."`
	} `key:"log" zh:"日志，写到标准错误" en:"The log, to standard error"`

	sources map[string]string // by key: where its value came from; none of a default
}
