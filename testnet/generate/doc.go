// Package generate makes a network for tests and demonstrations: a genesis with
// realistic members, the homes of its nodes, the members' keys, and a summary of
// it all. It is no way to set up a network that anyone relies on: one process
// makes all keys and one pass phrase, which is not secret, opens them.
//
// Regulators, accreditation body and three certification bodies bear the names
// and approval numbers of real institutions, since their published certificates
// are imported in demonstrations; none of them takes part. Those bodies have no
// approval in the genesis, so they can import and not issue: what is issued here
// is issued by bodies that do not exist, whose names begin with 示例 / Example
// and whose approval numbers are of the year 2099. All credit codes of members
// are placeholders with EXAMPLE in them, of region 000000, which no place has.
//
// A folder has
//
//	network.json           the summary: type Network
//	genesis.json           CometBFT's genesis, also in each home
//	node-0, node-1, …      homes of hallmarkd
//	keys/MEMBER.DUTY.pem   the members' keys (package keystore); admin keys are
//	                       numbered: MEMBER.admin-1.pem; beside each NAME.json, so
//	                       that the folder is one of hallmark's (--keys)
//	keys/passphrase        opens all keys
package generate
