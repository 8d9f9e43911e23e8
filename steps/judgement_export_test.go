package steps

import (
	"flasktui/steps/facts"
	"flasktui/steps/report"
)

// For the tests that damage facts: thousands of them, so without the way through JSON.

// FactsOf are the facts that an examination was judged by.
func FactsOf(examination Examination) *facts.Facts { return examination.facts }

// JudgeOf judges facts as they are.
func JudgeOf(known *facts.Facts) report.Report { return judge(known, true) }

// ExaminationOf is the examination of facts as they are.
func ExaminationOf(known *facts.Facts) Examination {
	return Examination{Report: judge(known, true), facts: known}
}
