// Package node is a node of the ledger: CometBFT, the application and what it is
// reached by, in one process, on one folder.
//
//	HOME/hallmarkd.lock             held while a process uses HOME
//	HOME/config/hallmark.toml       the configuration; Config says what it may hold
//	HOME/config/genesis.json        CometBFT's document; app_state is app.Genesis
//	HOME/config/node_key.json       Ed25519, names the node to its peers
//	HOME/config/validator_key.json  Ed25519, signs in consensus
//	HOME/config/seal_key.pem        SM2, seals; encrypted, of package keystore
//	HOME/data/validator_state.json  what the validator key signed last
//	HOME/data/state                 the state, of package engine
//	HOME/data/*.db, cs.wal          CometBFT's blocks, results, evidence, log
//
// # Order
//
// A node is started from the inside out: lock, store, application, CometBFT's
// stores and handshake (New); peers and consensus, then what serves others
// (Start). Stop goes the other way.
//
// # After a crash
//
// A block is saved by CometBFT, then executed; its results are saved, then the
// application commits, then CometBFT saves its own state. Each of these is
// durable before the next begins. So a process that ends anywhere between finds
// the application at the height of CometBFT's state, or one ahead, with the
// block and its results saved: the handshake in New executes what is missing, or
// takes the saved results where the application has the block already. The
// application is never ahead of the saved blocks; if it is, files were mixed,
// and New says so.
package node
