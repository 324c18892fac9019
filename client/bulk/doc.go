// Package bulk files many rows: it divides a file of certificate records into
// transactions, has several of them on their way at a time, and keeps a journal
// from which it goes on after any interruption without filing a row twice.
//
// # One row, one filing
//
// A row may only be put into a new transaction when it is certain that no earlier
// one with it is or will be in a block. That is certain of a transaction that
//
//   - was never sent: it is not in the journal;
//   - has expired: a node's blocks have passed its expiry without it;
//   - can never be executed, because its nonce was used by another, on a node that
//     knows all transactions up to there.
//
// Everything else is asked for, or sent again as it is: one transaction, sent any
// number of times, is executed once.
//
// # Journal
//
// A file of JSON Lines, NAME.journal beside the input (or in the folder of
// prepared transactions). Each line is an entry; see entry.
//
//	begin    the input: name, size, SM3, rows; and what else rows depend on
//	grown    rows were appended to the input since: size, SM3, rows
//	tx       rows that a signed transaction files, and the transaction itself
//	outcome  of a transaction: in a block, with what was refused, or expired
//	invalid  a row that is left out, and why
//
// What is durable when (fsync):
//
//   - begin, and the folder that has the journal, before the first transaction is
//     made;
//   - tx before the transaction leaves the process. Entries before it are durable
//     with it: so is the outcome "expired" before the transaction that takes its
//     place;
//   - outcome and invalid at the end. If they are lost, they are found again: the
//     ledger says what became of a transaction as often as it is asked, and a row
//     that was invalid has not been filed.
//
// A crash while a line is written leaves a line that is not whole: at the end of
// the file only, and never one that anything followed from. It is cut off. A
// journal is used by one process at a time, which holds a lock on it.
//
// # Order
//
// Transactions are executed in any order, rows of one transaction in theirs. A
// row that is about a certificate which an unfinished transaction is about as well
// waits for it: so what a file does to one certificate is done in its order.
//
// # Memory
//
// Rows are read as they are filed. What grows with the file is about a hundred
// bytes for each transaction.
package bulk
