// Package runner runs the nodes of a generated network (package generate) as
// real processes on this machine, and does to them what happens to nodes: stops
// and kills them, suspends them, cuts them off, slows their links, starts them
// again.
//
// No process outlives the one that started it. Each has a process group of its
// own, so that an interrupt typed at a terminal reaches only the runner, which
// then stops the nodes in order; and on Linux the kernel kills each one when the
// runner dies, however it dies. Elsewhere a runner that is killed leaves its
// nodes running.
//
// With Options.Proxied every connection between two nodes goes through a proxy of
// its own in this process: node A knows node B by the address of the proxy A→B.
// That is how links are cut and slowed without being root.
package runner
