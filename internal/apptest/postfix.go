package apptest

import (
	"fmt"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long a server of the machine's own may take.
const patience = 30 * time.Second

// Mailbox is a real mail server's, with what was delivered to it.
type Mailbox struct {
	Address string // HOST:PORT of the server, which takes mail for example.org in clear
	dir     string
}

// Postfix starts a real Postfix on a free port. Whatever is for example.org is delivered to one box of this machine, and
// nothing is sent on. It is gone with all it held when the test ends.
func Postfix(t testing.TB) Mailbox {
	t.Helper()
	program := Need(t, "postfix")
	dir, err := os.MkdirTemp("", "tipstaff-mail-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	port := freePort(t)
	m := Mailbox{Address: net.JoinHostPort("127.0.0.1", port), dir: dir}
	m.configure(t, port)
	server := exec.Command(program, "-c", filepath.Join(dir, "etc"), "start-fg")
	server.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	said := new(strings.Builder)
	server.Stdout, server.Stderr = said, said
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if log, err := os.ReadFile(filepath.Join(dir, "data/log")); err == nil && t.Failed() {
			t.Logf("Postfix wrote:\n%s", log)
		}
		if out, err := exec.Command(program, "-c", filepath.Join(dir, "etc"), "stop").CombinedOutput(); err != nil {
			t.Errorf("stop Postfix: %v\n%s%s", err, out, said)
		}
		_ = server.Wait() // it was told to end
	})
	Eventually(t, patience, "an answer of Postfix", func() error {
		conn, err := net.Dial("tcp", m.Address)
		if err == nil {
			err = conn.Close()
		}
		return err
	})
	return m
}

// postfixSettings are for its folder and the account that owns the box: a server with nothing of the machine's own.
const postfixSettings = `compatibility_level = 3.6
queue_directory = %[1]s/spool
data_directory = %[1]s/data
maillog_file = %[1]s/data/log
maillog_file_prefixes = %[1]s
myhostname = mx.example.org
mydestination =
alias_maps =
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = example.org
virtual_mailbox_base = %[1]s/mail
virtual_mailbox_maps = static:box/
virtual_minimum_uid = 1
virtual_uid_maps = static:%[2]d
virtual_gid_maps = static:%[3]d
`

// postfixServices are the ones beside the listener, none in a chroot.
const postfixServices = `
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`

// configure makes Postfix's folders and writes its settings.
func (m Mailbox) configure(t testing.TB, port string) {
	t.Helper()
	postfix, err := user.Lookup("postfix")
	if err != nil {
		t.Fatal(err)
	}
	uid, err := strconv.Atoi(postfix.Uid)
	if err != nil {
		t.Fatal(err)
	}
	gid, err := strconv.Atoi(postfix.Gid)
	if err != nil {
		t.Fatal(err)
	}
	for folder, own := range map[string]bool{"etc": false, "spool": false, "data": true, "mail": true} {
		at := filepath.Join(m.dir, folder)
		if err := os.Mkdir(at, 0o755); err != nil {
			t.Fatal(err)
		}
		if own {
			err = os.Chown(at, uid, gid)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(m.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	settings := fmt.Sprintf(postfixSettings, m.dir, uid, gid)
	for name, text := range map[string]string{"main.cf": settings, "master.cf": "127.0.0.1:" + port + " inet n - n - - smtpd\n" + postfixServices} {
		if err := os.WriteFile(filepath.Join(m.dir, "etc", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Await returns the files of the mails in the box, as soon as there are so many.
func (m Mailbox) Await(t testing.TB, many int) (files []string) {
	t.Helper()
	Eventually(t, patience, fmt.Sprint(many, " mails in the box"), func() error {
		var err error
		if files, err = filepath.Glob(filepath.Join(m.dir, "mail/box/new/*")); err == nil && len(files) < many {
			err = fmt.Errorf("%d came", len(files))
		}
		return err
	})
	for _, file := range files {
		one, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := mail.ReadMessage(one); err != nil {
			t.Errorf("what was delivered is no mail: %v", err)
		}
		_ = one.Close() // only read
	}
	return files
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
