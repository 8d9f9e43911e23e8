// Package fleet sets the reports of many hosts side by side. It judges nothing anew and connects
// to nowhere: what a host said is repeated, made safe.
//
// It knows the documents of steps/report. Begin with Compare; documents are read in read.go.
package fleet

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"flasktui/steps/report"
	"flasktui/sys"
)

// Document is one host's document: a report, or why there is none.
type Document struct {
	// From is where it was read, for a host that does not say its name.
	From   string
	Report report.Report
	// Problem is why there is no report; empty where there is one.
	Problem sys.Text
	// whole is the report as it was sent, where it was kept.
	whole []byte
}

// largest is far above what a report takes; a document that is larger is refused.
const largest = 16 << 20

// Read reads the documents that stand one after another in a file or stream called name. What
// cannot be read ends the reading, as nobody can tell where the next one begins, and is a
// document of its own. whole keeps each report, for somebody who may open it.
func Read(name string, from io.Reader, whole bool) []Document {
	var documents []Document
	limited := &io.LimitedReader{R: from, N: largest}
	decoder := json.NewDecoder(bufio.NewReader(limited))
	for {
		limited.N = largest
		var raw json.RawMessage
		err := decoder.Decode(&raw)
		if errors.Is(err, io.EOF) && len(documents) > 0 {
			return documents
		}
		if err != nil {
			return append(documents, Document{From: name, Problem: sys.Textf("no JSON document: %s", sys.Safe(err.Error()))})
		}
		document := read(name, raw)
		if whole && document.Problem == "" {
			document.whole = raw
		}
		documents = append(documents, document)
	}
}

// Opened is the whole report of a document that was kept, made safe to show.
func (document Document) Opened() (report.Report, error) {
	encoded, err := sys.SafeJSON(document.whole)
	if err != nil {
		return report.Report{}, err
	}
	var opened report.Report
	err = json.Unmarshal(encoded, &opened)
	return opened, err
}

// sent is as much of a document as a table has room for; the rest of it is not kept.
type sent struct {
	Schema      string               `json:"schema"`
	Error       string               `json:"error"`
	Host        report.HostSummary   `json:"host"`
	Target      report.TargetSummary `json:"target"`
	GeneratedAt report.Time          `json:"generated_at"`
	Verdict     report.Verdict       `json:"verdict"`
	Summary     sys.Text             `json:"summary"`
	Releases    report.Releases      `json:"releases"`
	Causes      []struct {
		ID         string            `json:"id"`
		Confidence report.Confidence `json:"confidence"`
		Fixes      []string          `json:"fixes"`
	} `json:"causes"`
	Fixes []struct {
		ID       string     `json:"id"`
		Commands [][]string `json:"commands"`
		Blocked  sys.Text   `json:"blocked"`
		Digest   string     `json:"digest"`
	} `json:"fixes"`
}

// read takes one document. Whoever sent it may have written anything into it, so what is kept is
// made safe.
func read(name string, raw []byte) Document {
	document := Document{From: name}
	var taken sent
	err := json.Unmarshal(raw, &taken)
	if safe := taken.makeSafe(); safe != nil {
		taken, err = sent{}, safe
	}
	document.Report.Host = taken.Host
	switch {
	case err != nil:
	case taken.Schema == report.FailureSchema:
		document.Problem = sys.Text(taken.Error)
		if document.Problem == "" {
			document.Problem = "the document says of no error"
		}
		return document
	case taken.Schema != report.Schema:
		err = fmt.Errorf("its schema is %q, not %s", taken.Schema, report.Schema)
	default:
		document.Report = taken.report()
		switch taken.Verdict {
		case report.Fresh, report.Stale, report.Mixed, report.Down, report.Inconclusive:
		default:
			err = errors.New("it gives no verdict")
		}
	}
	if err != nil {
		document.Report = report.Report{Host: document.Report.Host}
		document.Problem = sys.Textf("no report: %s", sys.Safe(err.Error()))
	}
	return document
}

// makeSafe makes every text safe to show.
func (taken *sent) makeSafe() error {
	encoded, err := json.Marshal(taken)
	if err == nil {
		encoded, err = sys.SafeJSON(encoded)
	}
	if err != nil {
		return err
	}
	*taken = sent{}
	return json.Unmarshal(encoded, taken)
}

func (taken *sent) report() report.Report {
	document := report.Report{
		Schema: taken.Schema, GeneratedAt: taken.GeneratedAt, Host: taken.Host, Target: taken.Target,
		Verdict: taken.Verdict, Summary: taken.Summary, Releases: taken.Releases,
	}
	for _, cause := range taken.Causes {
		document.Causes = append(document.Causes, report.Finding{ID: cause.ID, Confidence: cause.Confidence, Fixes: cause.Fixes})
	}
	for _, fix := range taken.Fixes {
		document.Fixes = append(document.Fixes, report.Plan{ID: fix.ID, Commands: fix.Commands, Blocked: fix.Blocked, Digest: fix.Digest})
	}
	return document
}
