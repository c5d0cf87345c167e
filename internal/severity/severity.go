// Package severity reads the vectors that score a vulnerability, and says their numbers and words.
//
// Begin reading with Parse, then with one system: cvss31.go, whose equations cvss30.go shares, cvss2.go or cvss40.go. What
// their vectors have in common is read in vector.go.
//
// To add a system, write one file with a System, its grammar and its arithmetic, list it in all.go, and let oracle_test.go
// compare it with an implementation that is not ours.
//
// It never chooses metrics, never repairs a vector that breaks its specification, and never turns a number into what a
// project calls critical: bands, floors and their precedence are the policy's.
package severity

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// Score is what a vector says.
type Score struct {
	Vector       string  // canonical: the metrics that are defined, as the specification orders them
	System       string  // name of the System: "CVSS:2.0", "CVSS:4.0"
	Nomenclature string  // what the number must be called: "CVSS:3.1"; "CVSS-B", "CVSS-BT", "CVSS-BE", "CVSS-BTE"
	Value        float64 // one decimal; of all metrics given
	Base         float64 // one decimal; of the base metrics alone
	Rating       string  // of Value: "None", "Low", "Medium", "High", "Critical"; of 2.0 "Low", "Medium", "High"
}

// System is one way of scoring.
type System struct {
	Name   string                      // "CVSS:3.1"
	Doc    string                      // what it is, in a sentence
	Prefix string                      // how its vectors begin, which no other system's do: "CVSS:3.1/"
	Parse  func(string) (Score, error) // reads a vector with this prefix
}

// maxVector is the longest vector that is read, in bytes. All metrics of CVSS 4.0 at once take less than 200.
const maxVector = 1024

// Parse reads a vector of any system in All. The error is a sentence for whoever wrote the vector: which metric is wrong,
// what is wrong with it, and what it may be.
func Parse(vector string) (Score, error) {
	if len(vector) > maxVector {
		return Score{}, fmt.Errorf("the vector has %d bytes; no more than %d are read", len(vector), maxVector)
	}
	if strings.HasPrefix(vector, "("+cvss2.Prefix) {
		return cvss2.Parse(vector)
	}
	for _, s := range All {
		if strings.HasPrefix(vector, s.Prefix) {
			return s.Parse(vector)
		}
	}
	return Score{}, noSystem(vector)
}

// Line scores a vector for a list that people and programs read: the vector as given, its nomenclature, score and rating,
// with tabs between them; or the vector and "error: " with the reason, and ok is false. It is always one line: a
// vector that cannot be printed is written as in a Go string.
func Line(vector string) (line string, ok bool) {
	s, err := Parse(vector)
	if err != nil {
		return printable(vector) + "\terror: " + err.Error(), false
	}
	b := make([]byte, 0, len(vector)+len("\tCVSS-BTE\t10.0\tCritical"))
	b = append(b, vector...)
	b = append(b, '\t')
	b = append(b, s.Nomenclature...)
	b = append(b, '\t')
	b = strconv.AppendFloat(b, s.Value, 'f', 1, 64)
	b = append(b, '\t')
	b = append(b, s.Rating...)
	return string(b), true
}

// noSystem says why no system reads a vector.
func noSystem(vector string) error {
	if vector == "" {
		return fmt.Errorf("the vector is empty; it begins with %s", prefixes())
	}
	head, _, _ := strings.Cut(vector, "/")
	for _, s := range All {
		switch {
		case strings.EqualFold(head, s.Name) && !strings.HasPrefix(s.Prefix, s.Name):
			return fmt.Errorf("a vector of %s does not say so: it begins with %s", s.Name, s.Prefix)
		case head == s.Name:
			return fmt.Errorf("after %s the metrics are missing", s.Name)
		case strings.EqualFold(head, s.Name):
			return fmt.Errorf("%q is written %s", head, s.Name)
		}
	}
	return fmt.Errorf("the vector begins with %.20q; it must begin with %s", head, prefixes())
}

// prefixes lists how vectors begin, as a sentence does.
func prefixes() string {
	all := make([]string, len(All))
	for i, s := range All {
		all[i] = s.Prefix
	}
	return either(all)
}

// either joins words as a sentence does: "N, A, L or P".
func either(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

func printable(vector string) string {
	if !strings.ContainsFunc(vector, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return vector
	}
	quoted := strconv.Quote(vector)
	return quoted[1 : len(quoted)-1]
}

// tenths is a score times ten: scores are decimal, and floating-point numbers are not.
type tenths int

func (t tenths) value() float64 { return float64(t) / 10 }

// rating is the qualitative severity rating scale. CVSS 3.1, 5; CVSS 4.0, 6.
func (t tenths) rating() string {
	switch {
	case t == 0:
		return "None"
	case t < 40:
		return "Low"
	case t < 70:
		return "Medium"
	case t < 90:
		return "High"
	}
	return "Critical"
}
