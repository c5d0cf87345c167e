package store

import "github.com/riverqueue/river/rivertype"

// Job is a job that somebody works on: handed back with its outcome, it ends in the same transaction.
type Job = rivertype.JobRow
