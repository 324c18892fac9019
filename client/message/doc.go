// Package message reads the messages of a transaction from JSON as people write
// it, and says what messages do in words, in both languages.
//
// # JSON
//
// It is the JSON form of the protobuf messages (hallmark.tx.v1.Message,
// hallmark.governance.v1.Action) with field names as in the .proto files or in
// lower camel case, and, beside what that form has, these values:
//
//	dates (int32)              "2026-06-01"
//	instants (int64)           "2026-06-01T12:00:00+08:00"
//	keys, hashes, signatures   lower-case hexadecimal of 33, 32 or 64 bytes
//	statements                 lower-case hexadecimal of 288 bytes
//	enumerations               the end of the name: "certification_body" for ROLE_CERTIFICATION_BODY
//
// Every int32 of a message is a date in Beijing, but offset, which is in minutes,
// and every int64 an instant, in Unix seconds or, of evidence and traces, in
// nanoseconds; a test holds the .proto files to it. Of 66, 64, 128 and
// 576 hexadecimal digits none is base64 of something that a field takes.
package message
