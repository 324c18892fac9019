package record

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// publicFile has three published certificates.
const publicFile = "../../../shared/data/cnca/public_certificates.json"

// TestPublished imports the published certificates from a file in Chinese, with
// an address and a standard that were not published.
func TestPublished(t *testing.T) {
	b, err := os.ReadFile(publicFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not there: the published certificates are no part of the repository", publicFile)
	}
	var file struct {
		Records []struct {
			Number string `json:"certNumber"`
			Name   string `json:"orgName"`
			Code   string `json:"orgCode"`
			Body   string `json:"rzjgId"`
			Scheme string `json:"authProjCode"`
			Status string `json:"certiStatus"`
			Ends   string `json:"certiEDate"`
			Report string `json:"reportDate"`
		}
	}
	if err == nil {
		err = json.Unmarshal(b, &file)
	}
	if err != nil || len(file.Records) == 0 {
		t.Fatal(err)
	}
	for _, p := range file.Records {
		var text strings.Builder
		text.WriteString("发证机构批准号,证书编号,证书状态,决定日期,认证项目代码,组织代码,组织名称,组织地址,组织国别代码,初次获证日期,发证日期,到期日期,认证范围,认证依据\n")
		text.WriteString(strings.Join([]string{
			p.Body, p.Number, p.Status, p.Report, p.Scheme, p.Code, p.Name, "未公布", "156", p.Report, p.Report, p.Ends, "未公布", "GB/T 19001-2016",
		}, ",") + "\n")
		o := Options{File: "published.csv", Format: CSV, Actions: []rules.Action{rules.Import}, Issuer: p.Body, Today: today}
		rows, faults := readAll(t, text.String(), o)
		if len(rows) != 1 {
			t.Fatalf("%s: %v", p.Number, faults)
		}
		c := rows[0].Message.GetImport().GetCertificate()
		if c.GetNumber() != p.Number || c.GetHolder() != p.Code || c.GetDetails().GetHolder().GetNameZh() != p.Name {
			t.Errorf("%s: %v", p.Number, c)
		}
		o.Issuer = body + "X" // nobody else may file it
		if _, faults = readAll(t, text.String(), o); len(faults) != 1 || faults[0].Field != "issuer" {
			t.Errorf("%s: %v", p.Number, faults)
		}
	}
}
