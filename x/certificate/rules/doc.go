// Package rules is the law of certificates as a pure package: what a certificate
// is, which transitions, codes and texts are legal in which scheme family, and
// what holds of a certificate at an instant. It keeps no state and is the same
// for handlers, queries and those who verify offline.
package rules
