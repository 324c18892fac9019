package rules

import (
	"errors"

	"github.com/hallmark-ledger/hallmark/x/exec"
)

// ErrEncoding is what a decoder returns for bytes that are not the one encoding
// of a legal value.
var ErrEncoding = errors.New("not the encoding of a legal value")

// The refusals of this package, 400 to 449; the handlers of x/certificate have
// 450 to 499.
var (
	CodeAbsent         = exec.Code{Number: 400, Name: "certificate_absent", English: "There is no such certificate.", Chinese: "该证书不存在。"}
	CodeExists         = exec.Code{Number: 401, Name: "certificate_exists", English: "The issuer has a certificate with this number already.", Chinese: "该机构已有此编号的证书。"}
	CodeNotSuspended   = exec.Code{Number: 402, Name: "certificate_not_suspended", English: "The certificate is valid; this can only be done to a suspended one.", Chinese: "证书有效，此操作仅适用于暂停的证书。"}
	CodeSuspended      = exec.Code{Number: 403, Name: "certificate_suspended", English: "The certificate is suspended; reinstate it first.", Chinese: "证书处于暂停状态，须先恢复。"}
	CodeRevoked        = exec.Code{Number: 404, Name: "certificate_revoked", English: "The certificate has been revoked.", Chinese: "证书已撤销。"}
	CodeCancelled      = exec.Code{Number: 405, Name: "certificate_cancelled", English: "The certificate has been cancelled.", Chinese: "证书已注销。"}
	CodeExpired        = exec.Code{Number: 406, Name: "certificate_expired", English: "The certificate has expired.", Chinese: "证书已过期失效。"}
	CodeAnnulled       = exec.Code{Number: 407, Name: "certificate_annulled", English: "The record of this certificate was annulled as filed in error.", Chinese: "该证书记录因误报已作废。"}
	CodeNotFinal       = exec.Code{Number: 408, Name: "certificate_not_final", English: "The certificate is neither revoked, cancelled, expired nor annulled: there is nothing to reverse.", Chinese: "证书未处于终止状态，无可撤回的决定。"}
	CodeNoCancellation = exec.Code{Number: 409, Name: "no_cancellation", English: "Certificates of this scheme family are not cancelled; use revocation with reason 0122.", Chinese: "该类认证无注销，组织主动放弃的以原因0122撤销。"}
	CodeAction         = exec.Code{Number: 410, Name: "action_unknown", English: "There is no such action or status.", Chinese: "操作或状态不存在。"}
	CodeScheme         = exec.Code{Number: 411, Name: "scheme_unknown", English: "The item code belongs to no scheme family.", Chinese: "认证项目代码不属于任何认证类别。"}

	CodeNumber       = exec.Code{Number: 412, Name: "number_malformed", English: "The certificate number is malformed: 1 to 60 of 0-9 A-Z / _ . ( ) -.", Chinese: "证书编号格式不符：1至60位，限0-9 A-Z / _ . ( ) -。"}
	CodeCCCNumber    = exec.Code{Number: 413, Name: "ccc_number_malformed", English: "A CCC number has 16 digits: year, body, product category, serial.", Chinese: "CCC证书编号应为16位数字：年份、机构、产品类别、流水号。"}
	CodeIssuer       = exec.Code{Number: 414, Name: "approval_number_malformed", English: "The approval number of the body is malformed.", Chinese: "认证机构批准号格式不符。"}
	CodeHolder       = exec.Code{Number: 415, Name: "holder_code_malformed", English: "The holder's code is neither a unified social credit code, an organisation code nor a foreign id with its country.", Chinese: "组织代码不是有效的统一社会信用代码、组织机构代码或带国别的境外编号。"}
	CodeDate         = exec.Code{Number: 416, Name: "date_missing", English: "A date is missing or out of range.", Chinese: "日期缺失或超出范围。"}
	CodeFuture       = exec.Code{Number: 417, Name: "date_in_future", English: "The date is after the day of the block.", Chinese: "日期晚于区块所在日。"}
	CodeDateOrder    = exec.Code{Number: 418, Name: "dates_out_of_order", English: "The dates contradict each other.", Chinese: "日期先后矛盾。"}
	CodeValidity     = exec.Code{Number: 419, Name: "validity_too_long", English: "The certificate would be valid for longer than its family allows.", Chinese: "证书有效期超过该类认证的上限。"}
	CodeSuspension   = exec.Code{Number: 420, Name: "suspension_too_long", English: "The suspension would last longer than the family allows.", Chinese: "暂停期限超过该类认证的上限。"}
	CodeSuspensionUp = exec.Code{Number: 421, Name: "suspension_ended", English: "The suspension has ended unresolved; the certificate can only be revoked or cancelled.", Chinese: "暂停期限已满，证书只能撤销或注销。"}
	CodeReason       = exec.Code{Number: 422, Name: "reason_unknown", English: "The reason code is not one of this action in this scheme family.", Chinese: "原因代码不适用于该类认证的此项操作。"}
	CodeChange       = exec.Code{Number: 423, Name: "change_type_unknown", English: "The change type is not one of this action in this scheme family.", Chinese: "变更类型不适用于该类认证的此项操作。"}
	CodeReissue      = exec.Code{Number: 424, Name: "reissue_reason_unknown", English: "The reissue reason is not one of this action.", Chinese: "换证原因不适用于此项操作。"}
	CodeText         = exec.Code{Number: 425, Name: "text_malformed", English: "A text is missing, too long, not UTF-8, or has control characters or spaces at its ends.", Chinese: "文本缺失、过长、非UTF-8，或含控制字符、首尾空白。"}
	CodeCount        = exec.Code{Number: 426, Name: "too_many", English: "A list is too long or names something twice.", Chinese: "列表过长或有重复项。"}
	CodeProduct      = exec.Code{Number: 427, Name: "product_fields", English: "Producer, factory, trade mark, models and GTINs belong on product certificates, and those need a producer and a factory.", Chinese: "生产者、生产企业、商标、型号、GTIN仅用于产品证书，且产品证书须有生产者和生产企业。"}
	CodeGTIN         = exec.Code{Number: 428, Name: "gtin_malformed", English: "The GTIN does not have 8, 12, 13 or 14 digits with a right check digit.", Chinese: "GTIN不是校验正确的8、12、13或14位数字。"}
	CodeMark         = exec.Code{Number: 429, Name: "mark_unknown", English: "There is no such accreditation mark.", Chinese: "认可标志代码不存在。"}
	CodeCountry      = exec.Code{Number: 430, Name: "country_unknown", English: "There is no such country code (ISO 3166-1 numeric).", Chinese: "国别代码不存在（ISO 3166-1数字代码）。"}
	CodeRegion       = exec.Code{Number: 431, Name: "region_malformed", English: "The region is not a GB/T 2260 code of mainland China.", Chinese: "地区代码不符合GB/T 2260，或组织不在中国内地。"}
	CodeTooLarge     = exec.Code{Number: 432, Name: "details_too_large", English: "The details of the certificate are too large.", Chinese: "证书详情过大。"}
	CodeMain         = exec.Code{Number: 433, Name: "certificate_refers_to_itself", English: "A certificate cannot be its own main certificate or component.", Chinese: "证书不能以自身为主证书或部件证书。"}
	CodeHead         = exec.Code{Number: 434, Name: "head_inconsistent", English: "The parts of the certificate contradict each other.", Chinese: "证书各要素相互矛盾。"}
	CodeRecord       = exec.Code{Number: 435, Name: "record_inconsistent", English: "The parts of the history record contradict each other.", Chinese: "历史记录各要素相互矛盾。"}
)

// Codes lists the refusals of this package in the order of their numbers.
func Codes() []*exec.Code {
	return []*exec.Code{
		&CodeAbsent, &CodeExists, &CodeNotSuspended, &CodeSuspended, &CodeRevoked, &CodeCancelled, &CodeExpired,
		&CodeAnnulled, &CodeNotFinal, &CodeNoCancellation, &CodeAction, &CodeScheme,
		&CodeNumber, &CodeCCCNumber, &CodeIssuer, &CodeHolder, &CodeDate, &CodeFuture, &CodeDateOrder, &CodeValidity,
		&CodeSuspension, &CodeSuspensionUp, &CodeReason, &CodeChange, &CodeReissue, &CodeText, &CodeCount, &CodeProduct,
		&CodeGTIN, &CodeMark, &CodeCountry, &CodeRegion, &CodeTooLarge, &CodeMain, &CodeHead, &CodeRecord,
	}
}
