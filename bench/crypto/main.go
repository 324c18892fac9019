// Command crypto compares Hallmark's SM2, SM3 and Merkle trees with the
// libraries underneath and beside them, in one run. README.md says what is
// measured and how to read it.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
)

// sections are what the program prints, in this order. Each measures and
// writes a table of its own.
var sections = []struct {
	name  string
	print func(io.Writer)
}{
	{"sm2", sm2Section},
	{"sm3", sm3Section},
	{"merkle", merkleSection},
}

func main() {
	only := flag.String("sections", "", "comma-separated names of the sections to run (default: all)")
	quick := flag.Bool("quick", false, "fewer and shorter turns, to show only that everything works")
	flag.Parse()
	if *quick {
		turns, turnTime = 5, turnTime/5
	}
	fmt.Printf("%s, %s/%s, GOMAXPROCS %d\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
	for _, s := range sections {
		if *only != "" && !strings.Contains(","+*only+",", ","+s.name+",") {
			continue
		}
		fmt.Println()
		s.print(os.Stdout)
	}
}
