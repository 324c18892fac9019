package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/node"
)

func statusCommand(f *flags) *cobra.Command {
	var url, lang string
	var asJSON bool
	c := &cobra.Command{
		Use:   "status",
		Short: "Ask a node how it stands 查询节点状态",
		Long: `Asks the node of the home, or the one at --node, how it stands. Exit codes: 0 it
is at the network's height; 1 it is catching up; 2 it does not answer.

查询本目录的节点，或 --node 所指节点的状态。退出码：0 已与网络同步；1 正在追赶；2 无应答。`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			chinese, err := inChinese(lang)
			if err != nil {
				return err
			}
			if url == "" {
				config, err := f.load()
				if err != nil {
					return err
				}
				if config.API.Listen == "" {
					return node.Troublef(node.ErrConfig, "api.listen is empty: the node has no HTTP interface to ask", "api.listen 为空：节点没有可查询的 HTTP 接口")
				}
				url = "http://" + dialable(config.API.Listen)
			}
			s, err := askStatus(c.Context(), url)
			if err != nil {
				return exitError{node.Troublef(errUnreachable, "%s: %v. Is it running?", "%s：%v。节点是否在运行？", url, err), exitUnreachable}
			}
			if asJSON {
				err = printJSON(c.OutOrStdout(), s)
			} else {
				err = printStatus(c.OutOrStdout(), s, chinese)
			}
			if err == nil && s.CatchingUp {
				return exitError{code: exitFailed}
			}
			return err
		},
	}
	c.Flags().StringVar(&url, "node", "", "base URL of the node; default: api.listen of the home 节点地址；默认取目录配置")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON 输出 JSON")
	c.Flags().StringVar(&lang, "lang", "", "zh or en; default: by locale 语言；默认依系统区域")
	return c
}

var errUnreachable = errors.New("unreachable 无法连接")

// askStatus gets /v1/status.
func askStatus(ctx context.Context, url string) (*api.Status, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(url, "/")+"/v1/status", nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answers %s", res.Status)
	}
	s := new(api.Status)
	return s, json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(s)
}

// dialable returns an address to dial for one to listen on.
func dialable(address string) string {
	for _, any := range []string{"0.0.0.0:", "[::]:"} {
		if port, ok := strings.CutPrefix(address, any); ok {
			return "127.0.0.1:" + port
		}
	}
	return address
}

func printStatus(w io.Writer, s *api.Status, chinese bool) error {
	say := func(en, zh string) string {
		if chinese {
			return zh
		}
		return en
	}
	synced, validator, age := say("at the network's height", "已同步"), s.Validator, say("no block yet", "尚无区块")
	if s.CatchingUp {
		synced = say("catching up", "正在追赶")
	}
	if validator == "" {
		validator = say("no", "否")
	}
	if s.Height > 0 {
		ago := s.Now.Sub(s.Time).Round(time.Second)
		age = fmt.Sprintf(say("%s, %v ago", "%s，%v 前"), s.Time.Local().Format(time.DateTime), ago)
	}
	sealed := say("nothing yet", "尚无")
	if s.SealedHeight > 0 {
		sealed = fmt.Sprintf(say("%d, %d blocks behind", "%d，落后 %d 个区块"), s.SealedHeight, s.SealLag)
	}
	if len(s.Unsealed) > 0 {
		sealed += say("; missing: ", "；缺少：") + strings.Join(s.Unsealed, ", ")
	}
	for _, line := range []struct{ name, value string }{
		{say("chain", "链"), s.ChainID},
		{say("node", "节点"), fmt.Sprintf("%s  %s", s.Moniker, s.NodeID)},
		{say("version", "版本"), fmt.Sprintf(say("%s, rules %d", "%s，规则 %d"), s.Version, s.AppVersion)},
		{say("state", "同步"), synced},
		{say("height", "高度"), fmt.Sprint(s.Height)},
		{say("block time", "区块时间"), age},
		{say("state root", "状态根"), s.StateRoot},
		{say("sealed", "签章"), sealed},
		{say("readable from", "可查询自"), fmt.Sprint(s.Earliest)},
		{say("validator", "验证节点"), validator},
		{say("peers", "连接节点"), fmt.Sprint(s.Peers)},
		{say("waiting", "待处理交易"), fmt.Sprint(s.Mempool)},
	} {
		if _, err := fmt.Fprintf(w, "%s: %s\n", line.name, line.value); err != nil {
			return err
		}
	}
	return nil
}

// inChinese reports which language to use: the one named, or that of the locale.
func inChinese(lang string) (bool, error) {
	switch lang {
	case "zh":
		return true, nil
	case "en":
		return false, nil
	case "":
		for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
			if v := os.Getenv(name); v != "" {
				return strings.HasPrefix(v, "zh"), nil
			}
		}
		return false, nil
	}
	return false, exitError{node.Troublef(node.ErrConfig, "--lang %q: zh or en", "--lang %q：应为 zh 或 en", lang), exitUsage}
}
