package cli

import "github.com/spf13/cobra"

// certCommand has the commands about certificates.
func certCommand(s *session) *cobra.Command {
	return s.group("cert", say("Certificates", "证书"))
}
