package apptest

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Forge is a forge in the hand of a test. It answers below /api/v3 as GitHub's API does and below /api/v1 as Gitea's, as far as
// both describe it: contents, branches and pull requests of any repository.
type Forge struct {
	*httptest.Server
	Token string // that it wants of everybody

	mu       sync.Mutex
	branches map[string]map[string]string // REPO/BRANCH → path → text
	pulls    []ForgePull
	asks     []string
	fault    func(method, path string) (code int, done bool)
}

// ForgePull is a pull request.
type ForgePull struct {
	Repo, Head, Base, Title, Body, State string
}

// NewForge starts a forge; it ends with the test.
func NewForge(t testing.TB) *Forge {
	f := &Forge{Token: "s3cr3t-t0ken", branches: map[string]map[string]string{}}
	mux := http.NewServeMux()
	for _, api := range []string{"/api/v3", "/api/v1"} {
		at := api + "/repos/{owner}/{name}"
		mux.HandleFunc("GET "+at+"/contents/{path...}", f.contents)
		mux.HandleFunc("PUT "+at+"/contents/{path...}", f.write)
		mux.HandleFunc("POST "+at+"/pulls", f.open)
	}
	const github, gitea = "/api/v3/repos/{owner}/{name}", "/api/v1/repos/{owner}/{name}"
	mux.HandleFunc("GET "+github+"/git/ref/heads/{branch...}", f.ref)
	mux.HandleFunc("POST "+github+"/git/refs", f.fork)
	mux.HandleFunc("GET "+github+"/pulls", f.find)
	mux.HandleFunc("POST "+gitea+"/contents/{path...}", f.write)
	mux.HandleFunc("POST "+gitea+"/branches", f.fork)
	mux.HandleFunc("GET "+gitea+"/pulls/{base}/{head...}", f.find)
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.serve(mux, w, r) }))
	t.Cleanup(f.Close)
	return f
}

// Page is the address at which a browser would show a file, of a forge of that kind.
func (f *Forge) Page(kind, repo, branch, path string) string {
	if kind == "github" {
		return f.URL + "/" + repo + "/blob/" + branch + "/" + path
	}
	return f.URL + "/" + repo + "/src/branch/" + branch + "/" + path
}

// Push puts a text into a branch.
func (f *Forge) Push(repo, branch, path, text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files(repo+"/"+branch, true)[path] = text
}

// Branch is what a branch holds, by path; nil if there is none.
func (f *Forge) Branch(repo, branch string) map[string]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.branches[repo+"/"+branch])
}

// Pulls are the pull requests in the order in which they were opened.
func (f *Forge) Pulls() []ForgePull {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]ForgePull(nil), f.pulls...)
}

// Decide closes all pull requests; merged, their branches become those that they were made for. The branches are gone then.
func (f *Forge) Decide(merge bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.pulls {
		p := &f.pulls[i]
		if p.State != "open" {
			continue
		}
		if merge {
			maps.Copy(f.files(p.Repo+"/"+p.Base, true), f.branches[p.Repo+"/"+p.Head])
		}
		p.State = "closed"
		delete(f.branches, p.Repo+"/"+p.Head)
	}
}

// Asks is what was asked since it was asked last: "GET /api/v1/…".
func (f *Forge) Asks() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := f.asks
	f.asks = nil
	return all
}

// Fault makes answers go wrong: a code instead of what would be said, before it is done or, as when an answer is lost, after.
// A code of 0 is no fault.
func (f *Forge) Fault(fault func(method, path string) (code int, done bool)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault = fault
}

func (f *Forge) serve(mux http.Handler, w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asks = append(f.asks, r.Method+" "+r.URL.Path)
	code, done := 0, false
	if f.fault != nil {
		code, done = f.fault(r.Method, r.URL.Path)
	}
	scheme := map[bool]string{true: "Bearer ", false: "token "}[strings.HasPrefix(r.URL.Path, "/api/v3/")]
	switch given := r.Header.Get("Authorization"); {
	case given != "" && given != scheme+f.Token:
		http.Error(w, `{"message":"Bad credentials"}`, http.StatusUnauthorized)
		return
	case given == "":
		http.Error(w, `{"message":"Not Found"}`, http.StatusNotFound)
		return
	}
	if code == 0 {
		mux.ServeHTTP(w, r)
		return
	}
	if done {
		mux.ServeHTTP(httptest.NewRecorder(), r)
	}
	w.Header().Set("Location", f.URL+"/elsewhere")
	w.WriteHeader(code)
	_, _ = fmt.Fprintf(w, `{"message":"as the test wants, %s"}`, f.Token)
}

func (f *Forge) files(branch string, make bool) map[string]string {
	if f.branches[branch] == nil && make {
		f.branches[branch] = map[string]string{}
	}
	return f.branches[branch]
}

func repoOf(r *http.Request) string { return r.PathValue("owner") + "/" + r.PathValue("name") }

func isGitHub(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/v3/") }

func answerJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v)
}

func blobName(text string) string {
	sum := sha1.Sum(fmt.Appendf(nil, "blob %d\x00%s", len(text), text))
	return hex.EncodeToString(sum[:])
}

func (f *Forge) contents(w http.ResponseWriter, r *http.Request) {
	path := r.PathValue("path")
	files := f.files(repoOf(r)+"/"+r.URL.Query().Get("ref"), false)
	text, ok := files[path]
	for other := range files {
		if strings.HasPrefix(other, path+"/") {
			answerJSON(w, http.StatusOK, []map[string]string{{"type": "file", "path": other}})
			return
		}
	}
	if !ok {
		answerJSON(w, http.StatusNotFound, map[string]string{"message": "Not Found"})
		return
	}
	content := base64.StdEncoding.EncodeToString([]byte(text))
	if isGitHub(r) {
		tag := `W/"` + blobName(text) + `"`
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		var lines strings.Builder
		for len(content) > 60 {
			lines.WriteString(content[:60] + "\n")
			content = content[60:]
		}
		content = lines.String() + content + "\n"
	}
	answerJSON(w, http.StatusOK, map[string]string{"type": "file", "encoding": "base64", "content": content, "sha": blobName(text), "path": path})
}

func (f *Forge) write(w http.ResponseWriter, r *http.Request) {
	var in struct{ Message, Content, Branch, SHA string }
	text := []byte(nil)
	err := json.NewDecoder(r.Body).Decode(&in)
	if err == nil {
		text, err = base64.StdEncoding.DecodeString(in.Content)
	}
	files, path := f.files(repoOf(r)+"/"+in.Branch, false), r.PathValue("path")
	was, there := files[path]
	switch {
	case err != nil || in.Message == "" || files == nil:
		answerJSON(w, http.StatusNotFound, map[string]string{"message": "Branch not found"})
	case there && in.SHA != blobName(was), r.Method == http.MethodPost && there:
		answerJSON(w, map[bool]int{true: http.StatusConflict, false: http.StatusUnprocessableEntity}[isGitHub(r)], map[string]string{"message": "sha does not match"})
	default:
		files[path] = string(text)
		answerJSON(w, map[bool]int{true: http.StatusOK, false: http.StatusCreated}[there], map[string]any{"content": map[string]string{"path": path}})
	}
}

func (f *Forge) ref(w http.ResponseWriter, r *http.Request) {
	branch := repoOf(r) + "/" + r.PathValue("branch")
	if f.files(branch, false) == nil {
		answerJSON(w, http.StatusNotFound, map[string]string{"message": "Not Found"})
		return
	}
	answerJSON(w, http.StatusOK, map[string]any{"ref": "refs/heads/" + r.PathValue("branch"), "object": map[string]string{"type": "commit", "sha": blobName(branch)}})
}

// fork makes a branch, of GitHub by its commit and of Gitea by the name of another.
func (f *Forge) fork(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Ref, SHA      string
		NewBranchName string `json:"new_branch_name"`
		OldBranchName string `json:"old_branch_name"`
	}
	_ = json.NewDecoder(r.Body).Decode(&in) // what is missing is refused below
	repo, name, from := repoOf(r), in.NewBranchName, in.OldBranchName
	if isGitHub(r) {
		name = strings.TrimPrefix(in.Ref, "refs/heads/")
		for branch := range f.branches {
			if blobName(branch) == in.SHA {
				from = strings.TrimPrefix(branch, repo+"/")
			}
		}
	}
	old := f.files(repo+"/"+from, false)
	switch {
	case old == nil || name == "":
		answerJSON(w, http.StatusNotFound, map[string]string{"message": "Not Found"})
	case f.files(repo+"/"+name, false) != nil:
		answerJSON(w, map[bool]int{true: http.StatusUnprocessableEntity, false: http.StatusConflict}[isGitHub(r)], map[string]string{"message": "Reference already exists"})
	default:
		f.branches[repo+"/"+name] = maps.Clone(old)
		answerJSON(w, http.StatusCreated, map[string]string{"name": name})
	}
}

func (f *Forge) said(number int) map[string]any {
	p := f.pulls[number]
	return map[string]any{"html_url": fmt.Sprintf("%s/%s/pulls/%d", f.URL, p.Repo, number+1), "state": p.State, "number": number + 1}
}

func (f *Forge) find(w http.ResponseWriter, r *http.Request) {
	repo, base, head := repoOf(r), r.PathValue("base"), r.PathValue("head")
	if isGitHub(r) {
		q := r.URL.Query()
		_, head, _ = strings.Cut(q.Get("head"), ":")
		base = q.Get("base")
	}
	all := []map[string]any{}
	for i := len(f.pulls) - 1; i >= 0; i-- {
		if p := f.pulls[i]; p.Repo == repo && p.Base == base && p.Head == head {
			all = append(all, f.said(i))
		}
	}
	switch {
	case isGitHub(r):
		answerJSON(w, http.StatusOK, all)
	case len(all) == 0:
		answerJSON(w, http.StatusNotFound, map[string]string{"message": "Not Found"})
	default:
		answerJSON(w, http.StatusOK, all[0])
	}
}

func (f *Forge) open(w http.ResponseWriter, r *http.Request) {
	var in struct{ Title, Body, Head, Base string }
	_ = json.NewDecoder(r.Body).Decode(&in) // what is missing is refused below
	repo := repoOf(r)
	if f.files(repo+"/"+in.Head, false) == nil || f.files(repo+"/"+in.Base, false) == nil || in.Title == "" {
		answerJSON(w, http.StatusNotFound, map[string]string{"message": "Not Found"})
		return
	}
	for _, p := range f.pulls {
		if p.Repo == repo && p.Head == in.Head && p.Base == in.Base && p.State == "open" {
			answerJSON(w, map[bool]int{true: http.StatusUnprocessableEntity, false: http.StatusConflict}[isGitHub(r)], map[string]string{"message": "A pull request already exists"})
			return
		}
	}
	f.pulls = append(f.pulls, ForgePull{repo, in.Head, in.Base, in.Title, in.Body, "open"})
	answerJSON(w, http.StatusCreated, f.said(len(f.pulls)-1))
}
