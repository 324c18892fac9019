// Package hallmark holds no code. It is where the tests live that keep the
// rules of the whole repository: which package may import which (arch_test.go)
// and that everything which decides the state is deterministic
// (determinism_test.go).
package hallmark
