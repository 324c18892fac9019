package evidence

// Words are a name for people.
type Words struct{ English, Chinese string }

var kindWords = []Words{
	{"unknown", "未知"},
	{"test report", "检测报告"}, {"inspection report", "检查报告"}, {"audit files", "审核档案"}, {"decision files", "认证决定档案"},
	{"captured data", "采集数据"}, {"events", "事件"}, {"supervision files", "监管档案"}, {"other", "其他"},
}

// Words returns what the kind is called.
func (k Kind) Words() Words { return words(kindWords, uint8(k)) }

var retentionWords = []Words{{"unknown", "未知"}, {"two years", "两年"}, {"six years", "六年"}, {"ten years", "十年"}, {"permanent", "永久"}}

// Words returns what the class is called.
func (r Retention) Words() Words { return words(retentionWords, uint8(r)) }

var subjectWords = []Words{{"unknown", "未知"}, {"certificate", "证书"}, {"engagement", "委托"}, {"product", "产品"}}

// Words returns what the kind is called.
func (k SubjectKind) Words() Words { return words(subjectWords, uint8(k)) }

func words(list []Words, n uint8) Words {
	if int(n) >= len(list) {
		n = 0
	}
	return list[n]
}
