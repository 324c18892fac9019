//go:build !purego

// Without a file of this kind the compiler does not accept functions without
// bodies, such as those that lanes_amd64.go links to.
