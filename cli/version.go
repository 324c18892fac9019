package cli

import (
	"runtime/debug"

	"github.com/spf13/cobra"
)

// buildJSON is what was built.
type buildJSON struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Modified bool   `json:"modified,omitempty"` // beyond the commit
	Go       string `json:"go"`
}

// build reads what the program knows of itself. info may be nil.
func build(info *debug.BuildInfo) (b buildJSON) {
	b.Version = "(devel)"
	if info == nil {
		return b
	}
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	b.Go = info.GoVersion
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

func (s *session) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: s.language.of(say("Print the version", "显示版本")),
		Args:  args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			info, _ := debug.ReadBuildInfo()
			b := build(info)
			if s.json {
				return s.printJSON(b)
			}
			line := "hallmark " + b.Version
			if b.Commit != "" {
				line += ", " + b.Commit
			}
			if b.Modified {
				line += s.language.of(say(" with changes", "（有改动）"))
			}
			if b.Go != "" {
				line += ", " + b.Go
			}
			s.printf("%s", "%s", line)
			return nil
		},
	}
}
