package render

import (
	"strings"

	"flasktui/steps/report"
)

// claimState is what became of a claim, in the word that people are shown.
func claimState(state report.ClaimState) string {
	if state == report.None {
		return "-"
	}
	return string(state)
}

// claimText is why a claim stands as it does, with the causes that refute it.
func claimText(claim report.Claim) string {
	text := oneLine(string(claim.Because))
	if len(claim.Causes) > 0 {
		text += " (" + strings.Join(claim.Causes, ", ") + ")"
	}
	return text
}

// ClaimLine is a claim by its name, with why it stands as it does.
func ClaimLine(claim report.Claim) string { return string(claim.Claim) + ": " + claimText(claim) }
