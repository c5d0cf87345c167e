package channel

// SignForTest is sign, for the vectors of the standard.
func SignForTest(secret, id, at, body string) string {
	s, err := sign(secret, id, at, []byte(body))
	if err != nil {
		return err.Error()
	}
	return s
}

// PublicOnlyForTest is publicOnly, since tests cannot connect to the open internet.
func PublicOnlyForTest(address string) error { return publicOnly("tcp", address, nil) }
