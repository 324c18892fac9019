package command

import (
	"runtime/debug"
	"testing"
)

func TestVersionLine(t *testing.T) {
	info := &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: "v0.1.0"}}
	info.Settings = []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "true"}}
	for want, info := range map[string]*debug.BuildInfo{
		"hallmarkd v0.1.0, commit abc with changes, go1.26.0": info,
		"hallmarkd (devel), go1.26.0":                         {GoVersion: "go1.26.0"},
		"hallmarkd, built without module information":         nil,
	} {
		if got := versionLine(info); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
