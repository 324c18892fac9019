package cli

import (
	"os/exec"
	"syscall"
)

// maxMemory returns the most memory that a process had that has ended, in kB.
func maxMemory(c *exec.Cmd) int64 {
	if u, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		return u.Maxrss
	}
	return 0
}
