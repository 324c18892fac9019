// Package evidence is the member's side of evidence: it reads files and lines, keeps
// what it takes for the leaves of a Merkle tree in a manifest, files the tree's root
// as an anchor, and makes the proof of any single leaf. What is anchored is that of
// x/evidence; docs/formats.md has the leaf (section 19), the tree (8) and the
// manifest (22).
//
//	AnchorFiles   files of a folder or a list → a manifest with one anchor
//	Watch         lines of a stream or of a growing file, files of a folder, as they
//	              come → a manifest with an anchor every interval or number of leaves
//	File          files the anchors of a manifest that the ledger does not have
//	Open, Prove   the way from a leaf to the root of its anchor
//	CheckRoots, CheckFiles, CheckLines: what is kept against the manifest
//
// # What survives
//
// A manifest is appended to in frames, each with a check, so that what a crash left
// of one is found and cut off. Before an anchor is filed its frame, and all before
// it, are durable. An anchor's id is that of its content and is known before it is
// filed: who files it again is told that it is there. So a process may end at any
// instruction, and the same call goes on.
//
//	Writer.Add      in memory
//	Writer.Flush    survives the end of the process
//	Writer.Sync     survives the end of the machine; says so in the file (mark)
//	CloseAnchor     the anchor's frame; filed after Sync
//	Done            where the ledger has it
//
// Recovery is the opening of the file, the same as on any other day.
//
// # Memory
//
// Reading is bounded, whatever the size and number of files: 256 KiB for each file
// that is read at a time, 256 KiB for each of four chunks of lines. The tree keeps
// 32 bytes for each 1,024 leaves of the anchor that is open, a Reader what it says of
// anchors. Only a folder that is watched, and CheckFiles, remember all names.
package evidence
