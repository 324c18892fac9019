// Package demo shows on real data what of the ledger exists: keys, signatures,
// the state store, proofs and evidence trees. Every step checks what it prints;
// the first thing that is not as it should be ends the demonstration with an
// error.
//
// The formats of this package are its own. They stand in for parts that are to
// come and vanish with them: a certificate is a list of texts where
// x/certificate has protobuf, and validators sign (version, root) where they will seal a
// statement. All keys are made for one run.
//
//	certificate/ ‖ text(number)   content ‖ certifier's signature ‖ approver's
//	anchor/      ‖ number         Merkle root ‖ leaf count ‖ text(body) ‖ signature
package demo
