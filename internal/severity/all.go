package severity

// All are the systems whose vectors are read, oldest first.
var All = []System{
	cvss2,
	cvss30,
	cvss31,
	cvss40,
}
