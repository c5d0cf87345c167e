package tipstaff_test

import (
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

const maxBinary = 50_000_000 // bytes

// programs is where this process builds the program; TestMain removes it.
var programs string

func TestMain(m *testing.M) {
	code := m.Run()
	if programs != "" {
		_ = os.RemoveAll(programs) // in the folder for temporary files
	}
	os.Exit(code)
}

// TestOneStaticBinary: one file to copy, which needs nothing of the machine it is copied to.
func TestOneStaticBinary(t *testing.T) {
	if !slices.ContainsFunc(code(t), func(f *goFile) bool { return f.pkg == "cmd/tipstaff" }) {
		return // not built yet
	}
	name, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > maxBinary {
		t.Errorf("the program has %d bytes, more than %d", info.Size(), maxBinary)
	}
	if runtime.GOOS != "linux" {
		return // other systems have no static programs
	}
	file, err := elf.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, part := range file.Progs {
		if part.Type == elf.PT_INTERP {
			t.Error("the program asks for a dynamic loader")
		}
	}
	libraries, err := file.ImportedLibraries()
	if err != nil {
		t.Fatal(err)
	}
	if len(libraries) > 0 {
		t.Errorf("the program needs %v", libraries)
	}
}

// binary builds the program as "make build" does, once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "tipstaff-build-")
	if err != nil {
		return "", err
	}
	programs = dir
	name := filepath.Join(dir, "tipstaff")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", name, "./cmd/tipstaff")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return name, nil
})

// helped is what the program said of its commands: the papers name each of them many times.
var helped sync.Map

// helpOf is what the program says of a command; an error if it has none of that name.
func helpOf(words ...string) (string, error) {
	program, err := binary()
	if err != nil {
		return "", err
	}
	type said struct {
		text string
		err  error
	}
	name := strings.Join(words, " ")
	if x, ok := helped.Load(name); ok {
		return x.(said).text, x.(said).err
	}
	out, err := exec.Command(program, append(words, "--help")...).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("there is no command %s: %w\n%s", name, err, out)
	}
	helped.Store(name, said{string(out), err})
	return string(out), err
}
