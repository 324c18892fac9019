package member

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// provinces are the first two digits of a GB/T 2260 code and their names.
var provinces = []struct{ code, zh, en string }{
	{"11", "北京市", "Beijing"},
	{"12", "天津市", "Tianjin"},
	{"13", "河北省", "Hebei"},
	{"14", "山西省", "Shanxi"},
	{"15", "内蒙古自治区", "Inner Mongolia"},
	{"21", "辽宁省", "Liaoning"},
	{"22", "吉林省", "Jilin"},
	{"23", "黑龙江省", "Heilongjiang"},
	{"31", "上海市", "Shanghai"},
	{"32", "江苏省", "Jiangsu"},
	{"33", "浙江省", "Zhejiang"},
	{"34", "安徽省", "Anhui"},
	{"35", "福建省", "Fujian"},
	{"36", "江西省", "Jiangxi"},
	{"37", "山东省", "Shandong"},
	{"41", "河南省", "Henan"},
	{"42", "湖北省", "Hubei"},
	{"43", "湖南省", "Hunan"},
	{"44", "广东省", "Guangdong"},
	{"45", "广西壮族自治区", "Guangxi"},
	{"46", "海南省", "Hainan"},
	{"50", "重庆市", "Chongqing"},
	{"51", "四川省", "Sichuan"},
	{"52", "贵州省", "Guizhou"},
	{"53", "云南省", "Yunnan"},
	{"54", "西藏自治区", "Tibet"},
	{"61", "陕西省", "Shaanxi"},
	{"62", "甘肃省", "Gansu"},
	{"63", "青海省", "Qinghai"},
	{"64", "宁夏回族自治区", "Ningxia"},
	{"65", "新疆维吾尔自治区", "Xinjiang"},
	{"71", "台湾省", "Taiwan"},
	{"81", "香港特别行政区", "Hong Kong"},
	{"82", "澳门特别行政区", "Macao"},
}

// CheckRegion returns an error that says what is wrong with code, nil if it has
// the form of a GB/T 2260 code: six digits, province, prefecture and county of
// two each, of which none follows a missing one. Which counties there are
// changes every year and is not checked.
func CheckRegion(code string) error {
	if len(code) != 6 || !digits(code) {
		return errors.New("a region has six digits (GB/T 2260)")
	}
	if ProvinceOf(code) == "" {
		return fmt.Errorf("no province has the number %s (GB/T 2260)", code[:2])
	}
	if code[2:4] == "00" && code[4:] != "00" {
		return errors.New("a county lies in a prefecture: digits 3 and 4 are 00, but 5 and 6 are not (GB/T 2260)")
	}
	return nil
}

// ProvinceOf returns the Chinese name of the province in which a region lies,
// empty if it has none.
func ProvinceOf(region string) string {
	for _, p := range provinces {
		if strings.HasPrefix(region, p.code) {
			return p.zh
		}
	}
	return ""
}

// countries are the alpha-3 codes of ISO 3166-1, ascending.
var countries = strings.Fields(`
	ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE
	BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA
	CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE
	DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH
	FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY
	HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN
	KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA
	MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT
	NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN
	PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA
	SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR
	TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA
	UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE`)

// knownCountry reports whether code is an alpha-3 code of ISO 3166-1.
func knownCountry(code string) bool {
	_, ok := slices.BinarySearch(countries, code)
	return ok
}

// digits reports whether s has digits only.
func digits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}
