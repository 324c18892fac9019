package command

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version 显示版本",
		Args:  cobra.NoArgs,
		Run: func(c *cobra.Command, _ []string) {
			info, _ := debug.ReadBuildInfo()
			fmt.Fprintln(c.OutOrStdout(), versionLine(info))
		},
	}
}

// versionLine says what was built: module version, commit if the build knows it,
// Go version. info may be nil.
func versionLine(info *debug.BuildInfo) string {
	if info == nil {
		return "hallmarkd, built without module information"
	}
	version := info.Main.Version
	if version == "" {
		version = "(devel)"
	}
	line := "hallmarkd " + version
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			line += ", commit " + s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			line += " with changes"
		}
	}
	return line + ", " + info.GoVersion
}
