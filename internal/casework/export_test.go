package casework

// ReadBy sets how many events the indexes read at a time.
func (w *Casework) ReadBy(n int) { w.indexes.batch = n }
