// Sbom writes what is linked into a program, as CycloneDX 1.5 JSON:
//
//	go run ./packaging/sbom VERSION PROGRAM > sbom.json
//
// It is read from the build information that Go puts into the program itself, so that it names
// what is in there, and not what a file of ours says. Of the same program it is the same, byte by
// byte: the time in it is SOURCE_DATE_EPOCH, and its serial number is made of the rest.
package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

type document struct {
	Format   string `json:"bomFormat"`
	Spec     string `json:"specVersion"`
	Serial   string `json:"serialNumber,omitempty"`
	Version  int    `json:"version"`
	Metadata struct {
		Time      string    `json:"timestamp"`
		Component component `json:"component"`
	} `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type component struct {
	Type    string    `json:"type"`
	Ref     string    `json:"bom-ref"`
	Name    string    `json:"name"`
	Version string    `json:"version"`
	PURL    string    `json:"purl,omitempty"`
	Hashes  []content `json:"hashes,omitempty"`
}

type content struct {
	Algorithm string `json:"alg"`
	Value     string `json:"content"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: sbom VERSION PROGRAM")
	}
	program, err := os.ReadFile(args[1]) //nolint:gosec // it is whoever makes the release who names it
	if err != nil {
		return err
	}
	info, err := buildinfo.ReadFile(args[1])
	if err != nil {
		return err
	}
	made, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
	if err != nil {
		return fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
	}
	encoded, err := written(info, args[0], sha256.Sum256(program), time.Unix(made, 0))
	if err == nil {
		_, err = os.Stdout.Write(encoded)
	}
	return err
}

// written is the document of a program with that build information and hash.
func written(info *debug.BuildInfo, version string, sum [sha256.Size]byte, made time.Time) ([]byte, error) {
	var sbom document
	sbom.Format, sbom.Spec, sbom.Version = "CycloneDX", "1.5", 1
	sbom.Metadata.Time = made.UTC().Format(time.RFC3339)
	sbom.Metadata.Component = component{
		Type: "application", Ref: "flasktui", Name: "flasktui", Version: version,
		Hashes: []content{{"SHA-256", hex.EncodeToString(sum[:])}},
	}
	sbom.Components = []component{library("std", strings.TrimPrefix(info.GoVersion, "go"), "")}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		sbom.Components = append(sbom.Components, library(module.Path, module.Version, module.Sum))
	}
	whole := dependency{Ref: "flasktui", On: []string{}}
	for _, one := range sbom.Components {
		whole.On = append(whole.On, one.Ref)
	}
	sbom.Dependencies = []dependency{whole}

	encoded, err := json.Marshal(sbom)
	if err != nil {
		return nil, err
	}
	// A name-based UUID of the whole, as RFC 9562 has version 8 for.
	name := sha256.Sum256(encoded)
	name[6], name[8] = name[6]&0x0f|0x80, name[8]&0x3f|0x80
	sbom.Serial = fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", name[0:4], name[4:6], name[6:8], name[8:10], name[10:16])
	encoded, err = json.MarshalIndent(sbom, "", "  ")
	return append(encoded, '\n'), err
}

// library is a module. sum is go.sum's: "h1:" and the base64 of a SHA-256 over the names and
// hashes of its files; empty for none.
func library(path, version, sum string) component {
	purl := "pkg:golang/" + path + "@" + strings.ReplaceAll(version, "+", "%2B")
	one := component{Type: "library", Ref: purl, Name: path, Version: version, PURL: purl}
	if hash, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(sum, "h1:")); err == nil && len(hash) == sha256.Size {
		one.Hashes = []content{{"SHA-256", hex.EncodeToString(hash)}}
	}
	return one
}
