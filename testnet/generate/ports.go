package generate

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// Free ports are looked for below those that systems give to outgoing
// connections (from 32768 on Linux): one of these would be taken while its node
// is stopped.
const firstPort, lastPort = 10_000, 32_000

// addresses returns n addresses of the loopback interface: with the ports from
// base on, or, if base is 0, ports that are free now, the first of them anywhere.
// Somebody else may take one of these before a node does.
func addresses(ctx context.Context, base, n int) (list []string, err error) {
	next := base
	if base == 0 {
		next = firstPort + rand.IntN(lastPort-firstPort)
	}
	for tries := 0; len(list) < n; next++ {
		if base == 0 && next >= lastPort {
			next = firstPort
		}
		addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(next))
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
		switch {
		case err == nil:
			if err := l.Close(); err != nil {
				return nil, err
			}
			list = append(list, addr)
		case base != 0:
			return nil, fmt.Errorf("generate: port %d cannot be used: %w", next, err)
		case tries == lastPort-firstPort:
			return nil, fmt.Errorf("generate: %d ports are needed, %d are free: %w", n, len(list), err)
		default:
			tries++
		}
	}
	return list, nil
}
