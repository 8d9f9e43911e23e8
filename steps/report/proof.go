package report

import "flasktui/sys"

// ClaimID names one of the seven claims that together make a site fresh.
type ClaimID string

// The seven claims.
const (
	// ClaimIntended: which release should run, and nothing on disk disputes it.
	ClaimIntended ClaimID = "intended"
	// ClaimLoaded: every process that answers, or works for the app, holds it.
	ClaimLoaded ClaimID = "loaded"
	// ClaimWay: what the URL answers comes from these processes.
	ClaimWay ClaimID = "way"
	// ClaimFiles: the static files that visitors get are the release's.
	ClaimFiles ClaimID = "files"
	// ClaimCaches: no cache answers otherwise than the app.
	ClaimCaches ClaimID = "caches"
	// ClaimEnvironment: the processes have the environment that is on disk.
	ClaimEnvironment ClaimID = "environment"
	// ClaimConfiguration: manager, server, container and Nginx run what is on disk.
	ClaimConfiguration ClaimID = "configuration"
)

// ClaimState says what became of a claim.
type ClaimState string

// Proved and None speak for fresh; Refuted names its causes; Open says what is not known, and
// keeps a site from being called fresh.
const (
	Proved  ClaimState = "proved"
	Refuted ClaimState = "refuted"
	Open    ClaimState = "open"
	None    ClaimState = "none"
)

// Claim is one of the seven, as it stands on this box.
type Claim struct {
	Claim ClaimID    `json:"claim"`
	State ClaimState `json:"state"`
	// Because is what proves it, what refutes it, what is not known, or why it does not apply.
	Because sys.Text `json:"because"`
	// Causes are the ids of the causes that refute it, and of nothing else.
	Causes   []string   `json:"causes"`
	Evidence []Evidence `json:"evidence"`
}
