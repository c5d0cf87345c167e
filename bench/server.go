package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a process that answers at an address.
type server struct {
	address string
	cmd     *exec.Cmd
	said    bytes.Buffer
	ready   time.Duration // from the start to the first 200
}

// start runs a command line and waits until a path of it answers 200. What it says is shown if it never does.
func start(address, path string, line ...string) (*server, error) {
	s := &server{address: address, cmd: exec.Command(line[0], line[1:]...)}
	s.cmd.Stdout, s.cmd.Stderr = &s.said, &s.said
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // one that is traced is two processes
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	for time.Since(began) < time.Minute {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			if res, err := client.Get("http://" + address + path); err == nil {
				_ = res.Body.Close()
				if s.ready = time.Since(began); res.StatusCode == http.StatusOK {
					return s, nil
				}
			}
		}
		time.Sleep(time.Millisecond)
	}
	return nil, errors.Join(fmt.Errorf("%s does not answer at %s%s\n%s", line[0], address, path, s.said.String()), s.stop())
}

// pause makes the server stand still while the other one is measured: it may still have work to do behind its answers.
func (s *server) pause(on bool) error {
	signal := syscall.SIGCONT
	if on {
		signal = syscall.SIGSTOP
	}
	return syscall.Kill(-s.cmd.Process.Pid, signal)
}

// stop ends the server at once, as a power cut would.
func (s *server) stop() error {
	err := syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
	_ = s.cmd.Wait() // it was killed, and says so
	return err
}

// memory is the process's share of the machine's memory and its resident set, in MiB.
func (s *server) memory() (pss, rss float64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", s.cmd.Process.Pid))
	if err != nil {
		return 0, 0, err
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ":")
		kib, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
		switch {
		case err != nil:
		case name == "Pss":
			pss = kib / 1024
		case name == "Rss":
			rss = kib / 1024
		}
	}
	return pss, rss, lines.Err()
}

// tipstaff starts the program on a data directory, behind another program if one is named.
func (b *bench) tipstaff(dir string, behind []string, settings ...string) (*server, error) {
	address, err := free()
	if err != nil {
		return nil, err
	}
	line := append(append(behind, b.program, "serve", "--data", dir, "--listen", address), settings...)
	return start(address, "/api/v1/projects", line...)
}

// plain starts the reference server on a new database, behind another program if one is named.
func (b *bench) plain(name string, behind []string, settings ...string) (*server, error) {
	address, err := free()
	if err != nil {
		return nil, err
	}
	file, err := os.MkdirTemp(b.dir, name)
	if err != nil {
		return nil, err
	}
	line := append(append(behind, b.reference, "--listen", address, "--db", file+"/reference.db"), settings...)
	return start(address, "/ready", line...)
}
