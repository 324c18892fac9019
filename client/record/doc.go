// Package record reads and writes files of acts on certificates: each row of a CSV
// file, each line of a JSON Lines file, each object of a JSON list is one message
// of a transaction.
//
// # Fields
//
// The table in fields.go is the only list of what a row may have; docs/records.md
// is made from it. In JSON, fields have the names and the nesting of package api
// (details.holder.name_zh); in CSV the columns are flat (holder_name_zh) and the
// header row has the English names or the Chinese ones, in any order. Dates are
// written 2026-06-01, hashes in 64 hexadecimal digits, lists in CSV with ';' or '；'
// between their entries, references to certificates as issuer/number.
//
// number is the certificate that the act is about; a renewal or transfer makes
// number and closes old_number. issuer may be left out for the own body's.
//
// # CSV
//
// RFC 4180. UTF-8 with or without a byte order mark, or GB 18030 (and what it
// contains, GBK and GB 2312) if Options say so. An empty cell says nothing.
//
// # Strictness
//
// What is not understood is never skipped: unknown and repeated columns, fields
// that the action does not take, values that are not of their form, and whatever
// package rules can refuse without the ledger's state. A *Fault says where and
// what to do. After a fault Next goes on with the next row, unless the file as a
// whole cannot be read.
package record
