//go:build !unix

package evidence

const openFlags = 0
