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
}

// largest is far above what a report takes; a document that is larger is refused.
const largest = 16 << 20

// Read reads the documents that stand one after another in a file or stream called name. What
// cannot be read ends the reading, as nobody can tell where the next one begins, and is a
// document of its own.
func Read(name string, from io.Reader) []Document {
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
		documents = append(documents, read(name, raw))
	}
}

// read takes one document. Whoever sent it may have written anything into it.
func read(name string, raw []byte) Document {
	document := Document{From: name}
	var form struct {
		Schema  string             `json:"schema"`
		Error   string             `json:"error"`
		Host    report.HostSummary `json:"host"`
		Version string             `json:"version"`
	}
	safe, err := sys.SafeJSON(raw)
	if err == nil {
		err = json.Unmarshal(safe, &form)
	}
	switch {
	case err != nil:
	case form.Schema == report.FailureSchema:
		document.Report.Host, document.Problem = form.Host, sys.Safe(form.Error)
		if document.Problem == "" {
			document.Problem = "the document says of no error"
		}
		return document
	case form.Schema != report.Schema:
		err = fmt.Errorf("its schema is %q, not %s", form.Schema, report.Schema)
	default:
		err = json.Unmarshal(safe, &document.Report)
	}
	switch document.Report.Verdict {
	case report.Fresh, report.Stale, report.Mixed, report.Down, report.Inconclusive:
	default:
		if err == nil {
			err = fmt.Errorf("it gives no verdict")
		}
	}
	if err != nil {
		document.Report = report.Report{Host: form.Host}
		document.Problem = sys.Textf("no report: %s", sys.Safe(err.Error()))
	}
	return document
}
