// Package api has the JSON of a node's HTTP interface, one type for each
// resource: what node/api serves and package client reads. It holds no logic.
//
// Everywhere: civil dates are of Beijing and written 2026-06-01; instants are
// RFC 3339 in UTC; keys, hashes and ids are lower-case hexadecimal; codes and
// enumerations are the names and codes of docs/rules.md and docs/codes.md. An
// absent or empty member says "none".
//
// Every answer read from the state has the header Hallmark-Height: the block
// after which it holds. Errors are application/problem+json (Problem).
package api
