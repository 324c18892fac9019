package main

import (
	"syscall"
	"time"
)

// settle waits until the process is idle, half a minute at most: what a phase
// left to do in the background, flushes and compactions, is not the next one's.
func settle() {
	const look = 500 * time.Millisecond
	for range 60 {
		before := cpuTime()
		time.Sleep(look)
		if cpuTime()-before < look/20 {
			return
		}
	}
}

// cpuTime is the processor time that the process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
