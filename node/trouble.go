package node

import (
	"errors"
	"fmt"
)

// Why a node does not start, or ended. Errors of the package match one of these
// where that is the reason; the text says what to do, in both languages.
var (
	// ErrConfig: a setting is unknown or has a value that will not do.
	ErrConfig = errors.New("configuration 配置")
	// ErrHome: the folder is not one that InitHome made, lacks a file, or has
	// something where nothing is expected.
	ErrHome = errors.New("home 目录")
	// ErrLocked: another process uses the folder.
	ErrLocked = errors.New("in use 已被占用")
	// ErrPort: an address to listen on cannot be had.
	ErrPort = errors.New("address 地址")
	// ErrGenesis: the genesis file is wrong, or not the one that the data was
	// made with.
	ErrGenesis = errors.New("genesis 创世文件")
	// ErrState: the data does not fit together, or was written by a newer
	// program.
	ErrState = errors.New("data 数据")
	// ErrUpgrade: the chain has gone on to rules that this program lacks.
	ErrUpgrade = errors.New("upgrade 升级")
	// ErrFault: the node could not go on. Its data is as it was after the last
	// block.
	ErrFault = errors.New("fault 故障")
	// ErrStopTimeout: parts of the node did not stop in time.
	ErrStopTimeout = errors.New("stop 停止")
)

// Troublef returns an error that matches kind, and any error among the
// arguments, and says the same in English and Chinese. Both formats take all of
// the arguments.
func Troublef(kind error, english, chinese string, args ...any) error {
	t := &trouble{text: fmt.Sprintf("%v: %s\n  %s", kind, fmt.Sprintf(english, args...), fmt.Sprintf(chinese, args...)), causes: []error{kind}}
	for _, a := range args {
		if err, ok := a.(error); ok {
			t.causes = append(t.causes, err)
		}
	}
	return t
}

type trouble struct {
	text   string
	causes []error
}

func (t *trouble) Error() string   { return t.text }
func (t *trouble) Unwrap() []error { return t.causes }
