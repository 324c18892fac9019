// Package engine is the versioned, authenticated key-value store of the ledger's
// state: a binary trie of SM3 hashes over a log of values.
//
// # What it keeps
//
// In memory, for each of 256 shards (the first byte of SM3(key)): a complete
// binary tree of hashes in one array over a directory of buckets, and in the
// buckets the sorted entries (path, leaf, location) of about four keys each.
// Nothing but leaves is hashed twice to look something up, and no node is ever
// stored: nodes follow from leaves.
//
// On disk, in a database: each version appends its values and one delta, the
// old and the new entry of every path it changed, in one atomic synced write.
// Beside it a file for each shard, its last checkpoint; shards are checkpointed
// in turn.
//
// # Durability
//
//   - Stage computes a version and its root and writes nothing.
//   - Commit returns when the version is durable. It is one write, so after a
//     crash the version is there whole or not at all.
//   - Open takes the newest delta as the newest version, reads the checkpoints,
//     applies the deltas after them, and compares the root. There is no other
//     way of opening, so recovery is always exercised.
//   - A checkpoint is made of versions that are durable in the database, and
//     replaces the one before by a rename. A delta is deleted in a commit after
//     every shard it changed has a later checkpoint and no readable version
//     lies before it.
//   - A value record is deleted when the oldest readable version no longer
//     refers to it: a sweep moves current values out of the oldest records and
//     drops these as a range.
//
// # Old versions
//
// Each commit exchanges what it changes in the trie, and keeps what was there:
// an overlay through which the version before is read. Overlays are immutable
// and share buckets with the trie. The newest Options.Retain versions and pinned
// ones can be read, scanned by prefix and proven; after a restart the overlays
// are made again from the deltas when they are asked for.
//
// # Corruption
//
// The database and the checkpoints have checksums; beyond them every value is
// checked against its leaf when it is read, every bucket read from a checkpoint
// against its hash, and the whole against the root when the store is opened.
// What does not fit is reported as ErrCorrupt and never served.
package engine
