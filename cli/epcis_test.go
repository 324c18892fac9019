package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	goodEPCIS = `{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",{"example":"https://ns.example.com/epcis/"}],
"type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-03-04T12:00:00Z","epcisBody":{"eventList":[
{"type":"ObjectEvent","eventTime":"2026-03-04T11:00:30.000+08:00","eventTimeZoneOffset":"+08:00","epcList":["urn:epc:id:sgtin:4012345.011111.9876"],"action":"OBSERVE","bizStep":"shipping","example:note":"电池\u202e"},
{"type":"ObjectEvent","eventTime":"2026-03-05T11:00:30.000+08:00","eventTimeZoneOffset":"+08:00","epcList":["https://id.gs1.org/01/04012345111118/21/9876"],"action":"OBSERVE"}]}}`

	firstPrehash = "eventType=ObjectEventeventTime=2026-03-04T03:00:30.000ZeventTimeZoneOffset=+08:00epcListepc=https://id.gs1.org/01/04012345111118/21/9876action=OBSERVEbizStep=https://ref.gs1.org/cbv/BizStep-shipping{https://ns.example.com/epcis/}note=电池"
)

// runEPCIS runs hallmark epcis with a file at hand as both FILE and input.
func runEPCIS(t *testing.T, document string, args ...string) (code int, out, errOut string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events.jsonld")
	if err := os.WriteFile(path, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	for i := range args {
		args[i] = strings.Replace(args[i], "FILE", path, 1)
	}
	var stdout, stderr bytes.Buffer
	code = Run(t.Context(), append([]string{"epcis"}, args...), in, &stdout, &stderr, func(string) string { return "" })
	return code, strings.ReplaceAll(stdout.String(), path, "FILE"), strings.ReplaceAll(stderr.String(), path, "FILE")
}

func TestEPCISHash(t *testing.T) {
	code, out, errOut := runEPCIS(t, goodEPCIS, "hash", "FILE")
	lines := strings.Split(out, "\n")
	if code != exitDone || errOut != "" || len(lines) != 3 || lines[2] != "" {
		t.Fatalf("exit %d: %q, %q", code, out, errOut)
	}
	for _, l := range lines[:2] {
		ni, sm3, ok := strings.Cut(l, " ")
		if !ok || len(ni) != len("ni:///sha-256;")+64+len("?ver=CBV2.0") || len(sm3) != 64 {
			t.Errorf("line %q", l)
		}
	}
	if _, again, _ := runEPCIS(t, goodEPCIS, "hash", "-"); again != out {
		t.Errorf("the standard input gives %q", again)
	}
	if _, twice, _ := runEPCIS(t, goodEPCIS, "hash", "FILE", "-"); twice != out+out {
		t.Errorf("two files give %q", twice)
	}
	_, prehash, _ := runEPCIS(t, goodEPCIS, "hash", "--prehash", "FILE")
	if !strings.HasPrefix(prehash, firstPrehash) {
		t.Errorf("got %s", prehash)
	}

	code, out, _ = runEPCIS(t, goodEPCIS, "hash", "--prehash", "--json", "FILE")
	var list []eventJSON
	if err := json.Unmarshal([]byte(out), &list); err != nil || code != exitDone {
		t.Fatalf("exit %d, %v: %s", code, err, out)
	}
	if len(list) != 2 || list[0].Prehash != firstPrehash+"\u202e" || list[0].Hash+" "+list[0].SM3 != lines[0] ||
		list[1].Event != 2 || list[1].Pointer != "/epcisBody/eventList/1" || strings.Contains(out, "\u202e") {
		t.Errorf("got %s", out)
	}
}

func TestEPCISHashFails(t *testing.T) {
	for _, c := range []struct{ document, says string }{
		{`{"type":"ObjectEvent","type":"x"}`, `the key "type" occurs twice`},
		{`{"a":1}`, "is no EPCIS document"},
		{`{"type":"EPCISDocument"}`, "has no event"},
		{`{"x":` + strings.Repeat("[", 99) + strings.Repeat("]", 99) + `}`, "too large in one way"},
	} {
		code, out, errOut := runEPCIS(t, c.document, "hash", "FILE")
		if code != exitUsage || out != "" || !strings.Contains(errOut, c.says) {
			t.Errorf("%s: exit %d, %q, %q", c.document, code, out, errOut)
		}
	}
	if code, _, errOut := runEPCIS(t, "", "hash", "no-such-file"); code != exitUsage || !strings.Contains(errOut, "cannot be read") {
		t.Errorf("exit %d, %q", code, errOut)
	}
	if code, _, _ := runEPCIS(t, "", "hash"); code != exitUsage {
		t.Errorf("exit %d without a file", code)
	}
}

func TestEPCISValidate(t *testing.T) {
	code, out, errOut := runEPCIS(t, goodEPCIS, "validate", "FILE")
	if code != exitDone || out != "FILE: valid, events: 2\n" || errOut != "" {
		t.Errorf("exit %d: %q, %q", code, out, errOut)
	}
	bad := strings.Replace(goodEPCIS, `"action":"OBSERVE"}`, `"action":"SEE","bizstep":"x"}`, 1)
	code, out, errOut = runEPCIS(t, bad, "validate", "FILE", "-")
	if code != exitRefused || errOut != "" || strings.Count(out, "not valid; faults: 2") != 2 ||
		!strings.Contains(out, `FILE: event 2, /epcisBody/eventList/1/action: "SEE" is none of ADD, OBSERVE and DELETE`) {
		t.Errorf("exit %d: %s%s", code, out, errOut)
	}
	_, out, _ = runEPCIS(t, bad, "validate", "--lang", "zh", "FILE")
	if !strings.Contains(out, "第 2 个事件 /epcisBody/eventList/1/bizstep：此处没有该字段") || !strings.Contains(out, "无效，问题共 2 处") {
		t.Errorf("got %s", out)
	}
	code, out, _ = runEPCIS(t, bad, "validate", "--json", "FILE")
	var list []documentJSON
	if err := json.Unmarshal([]byte(out), &list); err != nil || code != exitRefused || len(list) != 1 || list[0].Valid ||
		len(list[0].Faults) != 2 || list[0].Faults[0].Event != 2 || list[0].Faults[0].Chinese == "" {
		t.Errorf("exit %d, %v: %s", code, err, out)
	}
	for _, notJSON := range []string{`{"type":`, `7`} {
		if code, out, _ := runEPCIS(t, notJSON, "validate", "FILE"); code != exitRefused || !strings.Contains(out, "not valid; faults: 1") {
			t.Errorf("%s: exit %d: %s", notJSON, code, out)
		}
	}
	if code, _, errOut := runEPCIS(t, "", "validate", "no-such-file"); code != exitUsage || !strings.Contains(errOut, "cannot be read") {
		t.Errorf("exit %d, %q", code, errOut)
	}
	many := strings.Repeat(`{"type":"ObjectEvent"},`, 400)
	_, out, _ = runEPCIS(t, strings.Replace(goodEPCIS, `"eventList":[`, `"eventList":[`+many, 1), "validate", "FILE")
	if n := strings.Count(out, "\n"); n != maxListed+1 || !strings.Contains(out, "of which the first 1000 are listed") {
		t.Errorf("%d lines, %s", n, out[max(0, len(out)-100):])
	}
}
