package app_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/internal/apptest"
)

// door says to whom a route answers, as this review decided it. It is written down a second time here on purpose: a route that
// opens wider in its table, by a slip, is found by the walker.
type door string

const (
	public         door = "everybody alike"
	invitees       door = "who has an invitation's link"
	anybody        door = "everybody" // in the API, a credential that is none is refused even here
	holders        door = "who holds a code"
	credentialed   door = "who has any credential of the project"
	guests         door = "guests and members"
	members        door = "members"
	administrators door = "administrators"
)

// walked is one row of the walk: concrete addresses of a route, and what they answer to whom it is for.
type walked struct {
	to   door
	at   []string // $project, $case, $file and $step are filled in
	form string   // what is sent, in the body; $code is the visitor's
	want []int    // to whom the route is for and who may see what it is about; 200 if none
}

// refusedSteps is how a step ends that was sent in empty and about an old revision.
var refusedSteps = []int{http.StatusForbidden, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity}

// unhappy is how a form ends that was sent in wrongly.
var unhappy = []int{http.StatusUnprocessableEntity}

// webWalk is every route of the pages. A route without a row fails the test.
var webWalk = map[string]walked{
	"/": {to: public, at: []string{"/nothing", "/p/$project/advisories/JUNO-SA-2026-001.html", "/p/$project/csaf/2026/juno-sa-2026-001.json", "/p/$project/osv/x_JUNO-SA-2026-001.json",
		"/p/$project/cases/$case/advisory", "/p/$project/$case", "/p/$project/attachments/$file", "/robots.txt", "/sitemap.xml", "/metrics"}, want: []int{404}},
	"GET /{$}":                                         {to: public, at: []string{"/"}},
	"GET /static/{file}":                               {to: public, at: []string{"/static/tipstaff.css", "/static/tipstaff.js"}},
	"GET /p/{project}":                                 {to: public, at: []string{"/p/$project"}},
	"GET /p/{project}/{$}":                             {to: public, at: []string{"/p/$project/"}},
	"GET /p/{project}/policy":                          {to: public, at: []string{"/p/$project/policy"}},
	"GET /p/{project}/policy/{version}":                {to: public, at: []string{"/p/$project/policy/1"}},
	"GET /p/{project}/resources":                       {to: public, at: []string{"/p/solo-miner-monitor/resources"}},
	"GET /p/{project}/simulate":                        {to: public, at: []string{"/p/$project/simulate"}},
	"GET /p/{project}/simulate.ics":                    {to: public, at: []string{"/p/$project/simulate.ics"}},
	"GET /p/{project}/simulate.md":                     {to: public, at: []string{"/p/$project/simulate.md"}},
	"GET /p/{project}/SECURITY.md":                     {to: public, at: []string{"/p/$project/SECURITY.md"}},
	"GET /p/{project}/security.txt":                    {to: public, at: []string{"/p/$project/security.txt"}},
	"GET /p/{project}/.well-known/security.txt":        {to: public, at: []string{"/p/$project/.well-known/security.txt"}},
	"GET /.well-known/security.txt":                    {to: public, at: []string{"/.well-known/security.txt"}, want: []int{200, 404}},
	"GET /p/{project}/ledger":                          {to: public, at: []string{"/p/$project/ledger"}},
	"GET /p/{project}/checkpoint":                      {to: public, at: []string{"/p/$project/checkpoint"}},
	"GET /p/{project}/tile/{tile...}":                  {to: public, at: []string{"/p/$project/tile/0/000.p/3", "/p/$project/tile/entries/000.p/3"}, want: []int{200, 404}},
	"GET /p/{project}/report":                          {to: public, at: []string{"/p/$project/report", "/p/$project/report?kind=security", "/p/$project/report?kind=sensitive"}, want: []int{200, 404, 422}},
	"POST /p/{project}/report":                         {to: public, at: []string{"/p/$project/report"}, form: "kind=security&title=", want: unhappy},
	"POST /p/{project}/issue":                          {to: public, at: []string{"/p/$project/issue"}, form: "kind=feature&title=", want: []int{404, 422}},
	"GET /p/{project}/status":                          {to: public, at: []string{"/p/$project/status"}},
	"POST /p/{project}/status":                         {to: holders, at: []string{"/p/$project/status"}, form: "code=$code"},
	"POST /p/{project}/status/message":                 {to: holders, at: []string{"/p/$project/status/message"}, form: "code=$code&text=", want: unhappy},
	"POST /p/{project}/status/reopen":                  {to: holders, at: []string{"/p/$project/status/reopen"}, form: "code=$code", want: []int{403, 409, 422}},
	"POST /p/{project}/status/propose":                 {to: holders, at: []string{"/p/$project/status/propose"}, form: "code=$code", want: []int{403, 422}},
	"GET /p/{project}/calendar/{token}":                {to: public, at: []string{"/p/$project/calendar/tsc_00000000000000000000000000000000", "/p/$project/calendar/x.ics"}, want: []int{404}},
	"POST /p/{project}/status/calendar":                {to: holders, at: []string{"/p/$project/status/calendar"}, form: "code=$code&do=", want: unhappy},
	"GET /desk/{project}/calendar":                     {to: members, at: []string{"/desk/$project/calendar"}},
	"POST /desk/{project}/calendar":                    {to: members, at: []string{"/desk/$project/calendar"}, form: "do=", want: unhappy},
	"POST /p/{project}/status/nudge":                   {to: holders, at: []string{"/p/$project/status/nudge"}, form: "code=$code", want: []int{200, 403}},
	"POST /p/{project}/status/answer":                  {to: holders, at: []string{"/p/$project/status/answer"}, form: "code=$code&answer=", want: unhappy},
	"POST /p/{project}/status/standing":                {to: holders, at: []string{"/p/$project/status/standing"}, form: "code=$code&status=", want: unhappy},
	"POST /p/{project}/status/leave":                   {to: holders, at: []string{"/p/$project/status/leave"}, form: "code=$code&keeps=", want: unhappy},
	"POST /p/{project}/status/thread":                  {to: holders, at: []string{"/p/$project/status/thread"}, form: "code=$code&thread=1&text=", want: unhappy},
	"POST /p/{project}/status/nominate":                {to: holders, at: []string{"/p/$project/status/nominate"}, form: "code=$code&name=", want: unhappy},
	"GET /p/{project}/invited/{link}":                  {to: public, at: []string{"/p/$project/invited/$case.1.0000"}},
	"POST /p/{project}/invited":                        {to: invitees, at: []string{"/p/$project/invited"}, form: "link=$case.1.0000", want: []int{404}},
	"POST /p/{project}/invited/answer":                 {to: invitees, at: []string{"/p/$project/invited/answer"}, form: "link=$case.1.0000&answer=yes", want: []int{404}},
	"POST /p/{project}/status/credit":                  {to: holders, at: []string{"/p/$project/status/credit"}, form: "code=$code", want: []int{403, 422}},
	"POST /p/{project}/status/receipt":                 {to: holders, at: []string{"/p/$project/status/receipt"}, form: "code=$code", want: []int{200, 403, 404}},
	"POST /p/{project}/status/attachment":              {to: holders, at: []string{"/p/$project/status/attachment"}, form: "code=$code&file=$file", want: []int{200, 404}},
	"GET /p/{project}/cases":                           {to: public, at: []string{"/p/$project/cases"}},
	"GET /p/{project}/cases/{case}":                    {to: public, at: []string{"/p/$project/cases/$case"}},
	"GET /p/{project}/thanks":                          {to: public, at: []string{"/p/$project/thanks"}, want: []int{200, 404}},
	"GET /p/{project}/follow":                          {to: public, at: []string{"/p/$project/follow"}},
	"GET /processes":                                   {to: public, at: []string{"/processes"}, want: []int{200, 404}},
	"GET /desk":                                        {to: public, at: []string{"/desk"}},
	"GET /desk/{project}/sign-in":                      {to: anybody, at: []string{"/desk/$project/sign-in", "/desk/$project/sign-in?then=/desk/$project/cases/$case"}, want: []int{200, 303}},
	"POST /desk/{project}/sign-in":                     {to: anybody, at: []string{"/desk/$project/sign-in"}, form: "handle=&password=", want: []int{401, 422, 429}},
	"POST /desk/{project}/sign-out":                    {to: anybody}, // ends the session that everything else is asked with; TestLeakL17… tries it
	"GET /desk/{project}":                              {to: members, at: []string{"/desk/$project", "/desk/$project?show=all", "/desk/$project?order=newest&waits=the+reporter"}},
	"POST /desk/{project}":                             {to: members, at: []string{"/desk/$project"}, form: "words=zzqxsealedqtitleq&show=all"},
	"POST /desk/{project}/bulk":                        {to: members, at: []string{"/desk/$project/bulk"}, form: "step=note&case=$case", want: unhappy},
	"GET /desk/{project}/board":                        {to: members, at: []string{"/desk/$project/board"}},
	"GET /desk/{project}/measures":                     {to: members, at: []string{"/desk/$project/measures"}},
	"GET /desk/{project}/measures.csv":                 {to: members, at: []string{"/desk/$project/measures.csv"}},
	"GET /desk/{project}/measures/{measure}":           {to: members, at: []string{"/desk/$project/measures/response", "/desk/$project/measures/volume"}, want: []int{200, 404}},
	"GET /desk/{project}/deviations":                   {to: members, at: []string{"/desk/$project/deviations", "/desk/$project/deviations?month=2026-03"}, want: []int{200, 403}},
	"GET /desk/{project}/deviations.csv":               {to: members, at: []string{"/desk/$project/deviations.csv"}, want: []int{200, 403}},
	"GET /desk/{project}/installation":                 {to: administrators, at: []string{"/desk/$project/installation"}},
	"POST /desk/{project}/installation/release":        {to: administrators, at: []string{"/desk/$project/installation/release"}, form: "name=nothing", want: []int{404, 422}},
	"POST /desk/{project}/installation/release-all":    {to: administrators, at: []string{"/desk/$project/installation/release-all"}, want: []int{303, 403, 409, 422}},
	"POST /desk/{project}/installation/drop":           {to: administrators, at: []string{"/desk/$project/installation/drop"}, form: "name=nothing", want: []int{404, 422}},
	"POST /desk/{project}/installation/revoke":         {to: administrators, at: []string{"/desk/$project/installation/revoke"}, form: "id=nothing", want: []int{404, 422}},
	"GET /desk/{project}/cases/{case}":                 {to: members, at: []string{"/desk/$project/cases/$case"}},
	"GET /p/{project}/advisories/{advisory}/feedback":  {to: anybody, at: []string{"/p/$project/advisories/NOTHING-SA-2026-001/feedback"}, want: []int{404}},
	"POST /p/{project}/advisories/{advisory}/feedback": {to: anybody, at: []string{"/p/$project/advisories/NOTHING-SA-2026-001/feedback"}, form: "works=no&text=x", want: []int{404}},
	"GET /desk/{project}/cases/{case}/advisory": {to: members, at: []string{"/desk/$project/cases/$case/advisory", "/desk/$project/cases/$case/advisory?edition=1",
		"/desk/$project/cases/$case/advisory?format=osv"}, want: []int{200, 403, 404}},
	"POST /desk/{project}/cases/{case}/advisory/preview": {to: members, at: []string{"/desk/$project/cases/$case/advisory/preview"}, form: "title=x&rev=1", want: []int{200, 403, 404, 422}},
	"GET /desk/{project}/cases/{case}/emergency":         {to: members, at: []string{"/desk/$project/cases/$case/emergency", "/desk/$project/cases/$case/emergency?fact=leaked", "/desk/$project/cases/$case/emergency?fact=attacks"}, want: []int{200, 403, 404}},
	"POST /desk/{project}/cases/{case}/emergency":        {to: members, at: []string{"/desk/$project/cases/$case/emergency"}, form: "fact=attacks&because=", want: []int{403, 404, 422}},
	"GET /desk/{project}/cases/{case}/readiness":         {to: members, at: []string{"/desk/$project/cases/$case/readiness"}, want: []int{200, 404}},
	"GET /desk/{project}/cases/{case}/parties/import":    {to: members, at: []string{"/desk/$project/cases/$case/parties/import"}, want: []int{200, 404}},
	"POST /desk/{project}/cases/{case}/parties/import":   {to: members, at: []string{"/desk/$project/cases/$case/parties/import"}, form: "list=name", want: []int{200, 403, 404, 422}},
	"POST /desk/{project}/cases/{case}/parties/audience": {to: members, at: []string{"/desk/$project/cases/$case/parties/audience"}, form: "audience=none", want: []int{403, 404, 422}},
	"POST /desk/{project}/cases/{case}/patches":          {to: members, at: []string{"/desk/$project/cases/$case/patches"}, form: "line=", want: []int{404, 422}},
	"POST /desk/{project}/cases/{case}/patches/{patch}":  {to: members, at: []string{"/desk/$project/cases/$case/patches/$file"}, want: []int{404}},
	"GET /desk/{project}/cases/{case}/wording":           {to: members, at: []string{"/desk/$project/cases/$case/wording"}, want: []int{200, 404}},
	"POST /desk/{project}/cases/{case}/wording":          {to: members, at: []string{"/desk/$project/cases/$case/wording"}, form: "branch=fix-it", want: []int{200, 404}},
	"GET /desk/{project}/cases/{case}/lines":             {to: members, at: []string{"/desk/$project/cases/$case/lines"}, want: []int{200, 404}},
	"GET /desk/{project}/cases/{case}/train":             {to: members, at: []string{"/desk/$project/cases/$case/train", "/desk/$project/cases/$case/train?to=2026-12-01T16:00:00Z"}, want: []int{200, 404}},
	"GET /desk/{project}/cases/{case}/post":              {to: members, at: []string{"/desk/$project/cases/$case/post"}, want: []int{200, 403, 404}},
	"GET /desk/{project}/cases/{case}/post.md":           {to: members, at: []string{"/desk/$project/cases/$case/post.md"}, want: []int{200, 403, 404}},
	"GET /desk/{project}/cases/{case}/notes.md":          {to: members, at: []string{"/desk/$project/cases/$case/notes.md"}, want: []int{200, 403, 404}},
	"GET /desk/{project}/cases/{case}/{step}":            {to: members, at: []string{"/desk/$project/cases/$case/$step"}},
	"POST /desk/{project}/cases/{case}/{step}":           {to: members, at: []string{"/desk/$project/cases/$case/$step"}, form: "rev=1", want: refusedSteps},
	"GET /desk/{project}/cases/{case}/export":            {to: members, at: []string{"/desk/$project/cases/$case/export"}, want: []int{200, 403, 404}},
	"GET /desk/{project}/cases/{case}/files/{file}":      {to: members, at: []string{"/desk/$project/cases/$case/files/$file"}, want: []int{200, 404}},

	"GET /desk/{project}/policy":                              {to: members, at: []string{"/desk/$project/policy"}},
	"GET /desk/{project}/policy/edit":                         {to: members, at: []string{"/desk/$project/policy/edit"}},
	"POST /desk/{project}/policy/edit":                        {to: members, at: []string{"/desk/$project/policy/edit"}, form: "text=x&do=propose", want: unhappy},
	"POST /desk/{project}/policy/check":                       {to: members, at: []string{"/desk/$project/policy/check"}, form: "text=x"},
	"GET /desk/{project}/policy/versions/{version}":           {to: members, at: []string{"/desk/$project/policy/versions/1"}},
	"POST /desk/{project}/policy/proposals":                   {to: members, at: []string{"/desk/$project/policy/proposals"}, form: "text=x&because=y", want: unhappy},
	"GET /desk/{project}/policy/proposals/{number}":           {to: members, at: []string{"/desk/$project/policy/proposals/1"}, want: []int{200, 404}},
	"POST /desk/{project}/policy/proposals/{number}/judge":    {to: members, at: []string{"/desk/$project/policy/proposals/1/judge"}, form: "verdict=x", want: []int{404, 422}},
	"POST /desk/{project}/policy/proposals/{number}/renew":    {to: members, at: []string{"/desk/$project/policy/proposals/1/renew"}, form: "text=x", want: []int{403, 404, 422}},
	"POST /desk/{project}/policy/proposals/{number}/withdraw": {to: members, at: []string{"/desk/$project/policy/proposals/99/withdraw"}, want: []int{404}},
	"POST /desk/{project}/policy/proposals/{number}/accept":   {to: administrators, at: []string{"/desk/$project/policy/proposals/99/accept"}, want: []int{404}},
	"POST /desk/{project}/policy/proposals/{number}/reject":   {to: administrators, at: []string{"/desk/$project/policy/proposals/1/reject"}, want: []int{404, 422}},
	"GET /desk/{project}/policy/adopt":                        {to: administrators, at: []string{"/desk/$project/policy/adopt"}},
	"POST /desk/{project}/policy/adopt":                       {to: administrators, at: []string{"/desk/$project/policy/adopt"}, form: "because=", want: unhappy},
	"GET /desk/{project}/reviews":                             {to: members, at: []string{"/desk/$project/reviews"}, want: []int{200, 404}},
	"GET /desk/{project}/reviews/{review}":                    {to: members, at: []string{"/desk/$project/reviews/process_review.2026-03-01"}, want: []int{200, 404}},
	"GET /desk/{project}/reviews/{review}/pack.md":            {to: members, at: []string{"/desk/$project/reviews/process_review.2026-03-01/pack.md"}, want: []int{200, 404}},
	"POST /desk/{project}/reviews/{review}/decide":            {to: members, at: []string{"/desk/$project/reviews/process_review.2026-03-01/decide"}, form: "text=", want: []int{404, 422}},
	"POST /desk/{project}/reviews/{review}/close":             {to: administrators, at: []string{"/desk/$project/reviews/process_review.2026-03-01/close"}, want: []int{403, 404}},
}

// apiWalk is every operation but the steps, which are one row for all.
var apiWalk = map[string]walked{
	"GET /projects":                                                 {to: public, at: []string{"/projects"}},
	"GET /projects/{project}":                                       {to: anybody, at: []string{"/projects/$project"}},
	"GET /projects/{project}/policy":                                {to: anybody, at: []string{"/projects/$project/policy"}},
	"POST /projects/{project}/reports":                              {to: anybody, at: []string{"/projects/$project/reports"}, want: unhappy},
	"POST /projects/{project}/issues":                               {to: anybody, at: []string{"/projects/$project/issues"}, want: unhappy},
	"POST /projects/{project}/sign-in":                              {to: anybody, at: []string{"/projects/$project/sign-in"}, want: []int{401, 422, 429}},
	"GET /projects/{project}/cases":                                 {to: anybody, at: []string{"/projects/$project/cases", "/projects/$project/cases?limit=1", "/projects/$project/cases?state=open"}},
	"GET /projects/{project}/metrics":                               {to: members, at: []string{"/projects/$project/metrics"}},
	"GET /projects/{project}/deviations":                            {to: members, at: []string{"/projects/$project/deviations"}, want: []int{200, 403}},
	"GET /projects/{project}/search":                                {to: members, at: []string{"/projects/$project/search?q=zzqxsealedqtitleq"}},
	"GET /projects/{project}/cases/{case}":                          {to: anybody, at: []string{"/projects/$project/cases/$case"}},
	"GET /projects/{project}/cases/{case}/alike":                    {to: members, at: []string{"/projects/$project/cases/$case/alike"}},
	"GET /projects/{project}/cases/{case}/receipt":                  {to: credentialed, at: []string{"/projects/$project/cases/$case/receipt"}, want: []int{200, 403, 404}},
	"GET /projects/{project}/cases/{case}/attachments/{attachment}": {to: credentialed, at: []string{"/projects/$project/cases/$case/attachments/$file"}, want: []int{200, 404}},
	"POST /projects/{project}/cases/{case}/reports":                 {to: credentialed, at: []string{"/projects/$project/cases/$case/reports"}, want: refusedSteps},
	"POST /projects/{project}/cases/{case}/invite":                  {to: guests, at: []string{"/projects/$project/cases/$case/invite"}, want: refusedSteps},
	"GET /projects/{project}/cases/{case}/train":                    {to: members, at: []string{"/projects/$project/cases/$case/train", "/projects/$project/cases/$case/train?to=2026-12-01T16:00:00Z"}, want: []int{200, 404}},
	"GET /projects/{project}/cases/{case}/post":                     {to: members, at: []string{"/projects/$project/cases/$case/post"}, want: []int{200, 403, 404}},
	"GET /projects/{project}/cases/{case}/notes":                    {to: members, at: []string{"/projects/$project/cases/$case/notes"}, want: []int{200, 403, 404}},
	"POST /projects/{project}/cases/{case}/parties":                 {to: members, at: []string{"/projects/$project/cases/$case/parties"}, want: []int{403, 404, 422}},
	"GET /projects/{project}/cases/{case}/fanout":                   {to: members, at: []string{"/projects/$project/cases/$case/fanout"}, want: []int{200, 404}},
	"POST /projects/{project}/cases/{case}/trace":                   {to: members, at: []string{"/projects/$project/cases/$case/trace"}, want: []int{404, 422}},
	"POST /projects/{project}/cases/{case}/patches":                 {to: guests, at: []string{"/projects/$project/cases/$case/patches"}, want: refusedSteps},
	"POST /projects/{project}/cases/{case}/patches/{patch}":         {to: guests, at: []string{"/projects/$project/cases/$case/patches/$file"}, want: []int{404}},
	"POST /projects/{project}/cases/{case}/wording":                 {to: guests, at: []string{"/projects/$project/cases/$case/wording"}, want: []int{200, 422}},
	"GET /projects/{project}/cases/{case}/emergency":                {to: members, at: []string{"/projects/$project/cases/$case/emergency?fact=leaked"}},
	"POST /projects/{project}/cases/{case}/emergency":               {to: members, at: []string{"/projects/$project/cases/$case/emergency"}, want: refusedSteps},
	"GET /projects/{project}/policy.yaml":                           {to: members, at: []string{"/projects/$project/policy.yaml"}},
	"GET /projects/{project}/people":                                {to: administrators, at: []string{"/projects/$project/people"}},
	"PUT /projects/{project}/people/{person}":                       {to: administrators, at: []string{"/projects/$project/people/x"}, want: unhappy},
	"POST /projects/{project}/tokens":                               {to: administrators, at: []string{"/projects/$project/tokens"}, want: []int{404, 422}},
	"GET /projects/{project}/policy/versions":                       {to: members, at: []string{"/projects/$project/policy/versions"}},
	"GET /projects/{project}/policy/diff":                           {to: members, at: []string{"/projects/$project/policy/diff?from=1&to=1"}},
	"GET /projects/{project}/policy/proposals":                      {to: members, at: []string{"/projects/$project/policy/proposals"}},
	"POST /projects/{project}/policy/proposals":                     {to: members, at: []string{"/projects/$project/policy/proposals"}, want: unhappy},
	"GET /projects/{project}/policy/proposals/{number}":             {to: members, at: []string{"/projects/$project/policy/proposals/1"}, want: []int{200, 404}},
	"POST /projects/{project}/policy/proposals/{number}/judge":      {to: members, at: []string{"/projects/$project/policy/proposals/1/judge"}, want: []int{404, 422}},
	"POST /projects/{project}/policy/proposals/{number}/renew":      {to: members, at: []string{"/projects/$project/policy/proposals/99/renew"}, want: []int{404, 422}},
	"POST /projects/{project}/policy/proposals/{number}/withdraw":   {to: members, at: []string{"/projects/$project/policy/proposals/99/withdraw"}, want: []int{404}},
	"POST /projects/{project}/policy/proposals/{number}/accept":     {to: administrators, at: []string{"/projects/$project/policy/proposals/99/accept"}, want: []int{404}},
	"POST /projects/{project}/policy/proposals/{number}/reject":     {to: administrators, at: []string{"/projects/$project/policy/proposals/99/reject"}, want: []int{404, 422}},
	"GET /projects/{project}/policy/adoptions":                      {to: members, at: []string{"/projects/$project/policy/adoptions"}},
	"GET /projects/{project}/policy/adoptions/preview":              {to: administrators, at: []string{"/projects/$project/policy/adoptions/preview"}},
	"POST /projects/{project}/policy/adoptions":                     {to: administrators, at: []string{"/projects/$project/policy/adoptions"}, want: unhappy},
	"POST /projects/{project}/cases/{case}/policy":                  {to: administrators, at: []string{"/projects/$project/cases/$case/policy"}, want: refusedSteps},
	"GET /projects/{project}/reviews":                               {to: members, at: []string{"/projects/$project/reviews"}, want: []int{200, 404}},
	"GET /projects/{project}/reviews/{review}":                      {to: members, at: []string{"/projects/$project/reviews/process_review.2026-03-01"}, want: []int{200, 404}},
	"POST /projects/{project}/reviews/{review}/decisions":           {to: members, at: []string{"/projects/$project/reviews/process_review.2026-03-01/decisions"}, want: []int{404, 422}},
	"POST /projects/{project}/reviews/{review}/close":               {to: administrators, at: []string{"/projects/$project/reviews/process_review.2026-03-01/close"}, want: []int{403, 404}},
	"POST /projects/{project}/cases/{case}/{step}":                  {to: credentialed, at: []string{"/projects/$project/cases/$case/$step"}, want: refusedSteps},
}

// TestWhoeverComesReadsWhatIsTheirsAndNothingElse walks every route as everybody, about every kind of case. Whatever is withheld
// answers as what is absent does, to the byte, and no answer holds a word that its asker may not read.
func TestWhoeverComesReadsWhatIsTheirsAndNothingElse(t *testing.T) {
	s := newScene(t)
	pages, operations := webRoutes(t), s.apiRoutes()
	steps, strangers, read := operations["POST /projects/{project}/cases/{case}/{step}"], map[string]answer{}, map[string]bool{}
	for i, v := range s.visitors {
		t.Run(strings.ReplaceAll(v.name, " ", "-"), func(t *testing.T) {
			w := walker{scene: s, t: t, who: v, steps: steps, turn: i, met: map[string]bool{}, public: strangers}
			for pattern, access := range pages {
				row, known := webWalk[pattern]
				if !known {
					t.Errorf("%s has no row in the walk: say who may come, and what it answers", pattern)
				}
				if want := webAccess[row.to]; known && !slices.Contains(want, access) {
					t.Errorf("%s is for %s in the walk, and for %s in its own table", pattern, row.to, access)
				}
				w.web(pattern, row)
			}
			for pattern := range operations {
				row, known := apiWalk[pattern]
				if !known {
					t.Errorf("%s has no row in the walk", pattern)
				}
				w.api(pattern, row, operations[pattern])
			}
			w.everythingThatIsTheirs()
			maps.Copy(read, w.met)
		})
	}
	for _, x := range []struct{ name, script string }{{"sealed", sealedJuno}, {"hidden", sealedSolo}} {
		for _, m := range regexp.MustCompile(`%([A-Z]+)%`).FindAllStringSubmatch(x.script, -1) {
			if word := x.name + " " + m[1]; !read[word] && m[1] != "EVIDENCE" { // of a verification, which no page shows
				t.Errorf("nobody met the %s of %s, not even those who may read it: the walk is blind there", m[1], x.name)
			}
		}
	}
	for pattern := range webWalk {
		if _, there := pages[pattern]; !there {
			t.Errorf("the walk has a row for %s, which is no route", pattern)
		}
	}
}

// webAccess is what the table of routes calls a door.
var webAccess = map[door][]string{public: {"everybody"}, anybody: {"everybody"}, holders: {"holder"}, invitees: {"invitee"}, members: {"member"}, administrators: {"administrator"}}

// webRoutes reads the table of the pages, which no other package can ask.
func webRoutes(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), apptest.Root(t)+"/internal/web/routes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		row, ok := n.(*ast.CompositeLit)
		if !ok || len(row.Elts) != 4 {
			return true
		}
		pattern, isText := row.Elts[0].(*ast.BasicLit)
		who, isName := row.Elts[1].(*ast.Ident)
		if !isText || !isName {
			return true
		}
		name, err := strconv.Unquote(pattern.Value)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = who.Name
		return true
	})
	if len(out) < 40 {
		t.Fatalf("only %d routes were found in the table", len(out))
	}
	return out
}

// apiRoutes is what the description of the API holds, which another test holds against the table; steps share one row.
func (s *scene) apiRoutes() map[string][]string {
	s.t.Helper()
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal([]byte(ask(s.t, s.Program, "GET", "/api/v1/openapi.json", "").Body), &doc); err != nil {
		s.t.Fatal(err)
	}
	out := map[string][]string{}
	for path, methods := range doc.Paths {
		for method := range methods {
			pattern := strings.ToUpper(method) + " " + path
			if step, ok := strings.CutPrefix(pattern, "POST /projects/{project}/cases/{case}/"); ok && apiWalk[pattern].at == nil {
				pattern = "POST /projects/{project}/cases/{case}/{step}"
				out[pattern] = append(out[pattern], step)
				continue
			}
			out[pattern] = append(out[pattern], "")
		}
	}
	return out
}

// walker is one visitor on their way.
type walker struct {
	*scene
	t      *testing.T
	who    visitor
	steps  []string
	turn   int               // which step is asked next of a case that is asked for one only
	met    map[string]bool   // planted words that they read
	public map[string]answer // what a stranger got
}

// concretely makes an address of a row.
func concretely(text string, project, step string, o object, file string) string {
	return strings.NewReplacer("$project", project, "$case", string(o.id), "$file", file, "$step", step).Replace(text)
}

// send asks as the visitor, with every credential that they have.
func (w *walker) send(method, path, form string, api bool) answer {
	w.t.Helper()
	r, err := http.NewRequest(method, w.URL+path, strings.NewReader(form))
	if err != nil {
		w.t.Fatal(err)
	}
	if method != "GET" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if w.who.cookie != nil {
		r.AddCookie(w.who.cookie)
	}
	if bearer := w.who.token + w.who.code; bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	if api && method != "GET" {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("If-Match", `"1"`)
	}
	res, err := roundTrip.RoundTrip(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }() // read to its end below
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	h := res.Header.Clone()
	h.Del("Date")
	a := answer{res.StatusCode, h, drawn.ReplaceAllString(string(body), "")}
	w.inspect(method+" "+path, a)
	return a
}

// drawn is the key of a form, which is another one each time.
var drawn = regexp.MustCompile(`name="once" value="[A-Z0-9]+"`)

var roundTrip = &http.Transport{DisableCompression: true}

// inspect looks for planted words in all of an answer: body, title, headers, cookies, where it leads.
func (w *walker) inspect(what string, a answer) {
	w.t.Helper()
	all := a.Body
	for name, values := range a.Header {
		all += "\n" + name + ": " + strings.Join(values, "\n")
		if planted.MatchString(strings.Join(values, " ")) && name != "Content-Disposition" {
			w.t.Errorf("%s: the header %s is %q", what, name, values)
		}
	}
	if a.Status >= 500 {
		w.t.Errorf("%s: got %d: %s", what, a.Status, says(a))
	}
	for _, m := range planted.FindAllStringSubmatch(all, -1) {
		w.met[m[1]+" "+m[2]] = true
		if !w.who.may(m[1], m[2]) && !(m[1] == "open" && slices.Contains(strings.Fields(ofPublic), m[2])) {
			w.t.Errorf("%s: %s reads %s, the %s of the case %q\n%s", what, w.who.name, m[0], m[2], m[1], around(all, m[0]))
		}
	}
	if title, _, ok := strings.Cut(a.Body, "</title>"); ok && strings.HasPrefix(what, "GET /desk") && planted.MatchString(title) {
		w.t.Errorf("%s: the window's title tells %q", what, planted.FindString(title))
	}
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") && (a.Header.Get("Referrer-Policy") != "no-referrer" || otherHosts.MatchString(a.Body)) {
		w.t.Errorf("%s makes a browser ask another host, or tell it where it was: %q, %q", what, a.Header.Get("Referrer-Policy"), otherHosts.FindString(a.Body))
	}
	if len(w.who.reads) == 0 || w.who.out {
		for _, hidden := range encodedMark {
			if strings.Contains(all, hidden) {
				w.t.Errorf("%s holds a planted word, encoded", what)
			}
		}
	}
}

// otherHosts is what makes a browser, or a program that shows links, ask another host by itself.
var otherHosts = regexp.MustCompile(`(?i)<(script|img|iframe|link|form|source|video|audio|object|embed)[^>]+(src|href|action|data|srcset)="(https?:)?//|property="og:|rel="(preconnect|dns-prefetch|prefetch)|http-equiv="refresh|url\(`)

// encodedMark is how every planted word begins, in the ways in which it may lie in an answer.
var encodedMark = func() (out []string) {
	for _, how := range slices.Sorted(maps.Keys(apptest.Encodings("zzqx"))) {
		if how != "text" && !strings.HasPrefix(how, "base64") { // four letters make too few of base 64 to mean anything
			out = append(out, string(apptest.Encodings("zzqx")[how]))
		}
	}
	return append(out, "%7a%7aqx", "eHF6eg")
}()

// says is an answer in a few words.
func says(a answer) string {
	if _, page, ok := strings.Cut(a.Body, "<h1"); ok {
		return fmt.Sprintf("%.120q", page)
	}
	return fmt.Sprintf("%.200q", a.Body)
}

func around(text, word string) string {
	i := strings.Index(text, word)
	return text[max(i-200, 0):min(i+200, len(text))]
}

// web walks the addresses of one page.
func (w *walker) web(pattern string, row walked) {
	w.t.Helper()
	method, _, ok := strings.Cut(pattern, " ")
	if !ok {
		method = "GET"
	}
	steps := []string{""}
	if strings.Contains(pattern, "{step}") {
		steps = append(slices.Clone(w.steps), "invite")
	}
	for _, at := range row.at {
		about := strings.Contains(at+row.form, "$case") || strings.Contains(at+row.form, "$file")
		w.each(about, steps, func(project, step string, o object, file string) {
			ask := func(o object) answer {
				form := strings.ReplaceAll(concretely(row.form, project, step, o, file), "$code", w.who.code)
				return w.send(method, concretely(at, project, step, o, file), form, false)
			}
			got, path := ask(o), concretely(at, project, step, o, file)
			w.judgePage(pattern, row, method, path, project, o, got)
			if row.to == public {
				w.alike(method+" "+path, got)
			}
			if strings.Contains(at, "$case") && !w.visible(row, project, o) {
				w.compare(method, path, o, got, ask)
			}
		})
	}
}

// api walks one operation.
func (w *walker) api(pattern string, row walked, steps []string) {
	w.t.Helper()
	method, _, _ := strings.Cut(pattern, " ")
	for _, at := range row.at {
		about := strings.Contains(at, "$case")
		w.each(about, steps, func(project, step string, o object, file string) {
			ask := func(o object) answer {
				body := ""
				if method != "GET" {
					body = "{}"
				}
				return w.send(method, "/api/v1"+concretely(at, project, step, o, file), body, true)
			}
			got, what := ask(o), concretely(at, project, step, o, file)
			w.judgeOperation(row, method+" "+what, project, o, about, got)
			if about && !w.visible(row, project, o) {
				w.compare(method, what, o, got, ask)
			}
		})
	}
}

// each visits every object, below its own project and below the other one; without an object, every project. Every step is asked
// of the two cases that hold the most; of the others each visitor asks another one.
func (w *walker) each(about bool, steps []string, visit func(project, step string, o object, file string)) {
	for _, project := range []string{"juno", "solo-miner-monitor"} {
		if !about {
			visit(project, steps[0], object{}, "")
			continue
		}
		for _, o := range w.objects {
			some := steps
			if len(steps) > 1 && (string(o.project) != project || o.name != "sealed" && o.name != "hidden") {
				w.turn++
				some = steps[w.turn%len(steps):][:1]
			}
			for _, step := range some {
				visit(project, step, o, o.file)
			}
			if o.name == "other" { // a file of one case, asked of another
				visit(project, some[0], o, w.objects[1].file)
			}
		}
	}
}

// alike asks that a public page is the same for everybody, whatever they have in their hands.
func (w *walker) alike(what string, got answer) {
	w.t.Helper()
	want, there := w.public[what]
	if !there {
		w.public[what] = got
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("%s is not what a stranger gets (-stranger +%s):\n%s", what, w.who.name, diff)
	}
}

// visible says whether a case is there for the visitor, below a project's addresses.
func (w *walker) visible(row walked, project string, o object) bool {
	if string(o.project) != project {
		return false
	}
	if row.to == public || row.to == anybody && o.public {
		return o.public
	}
	return w.who.sees(o.name) || o.public && w.who.project == o.project && !w.who.out
}

// compare asks for a case that never was, where the one that was asked for is not there for the visitor: the two are one answer.
func (w *walker) compare(method, path string, o object, got answer, ask func(object) answer) {
	w.t.Helper()
	never := object{project: o.project, id: "JUNO-0000"}
	want := ask(never)
	for _, a := range []*answer{&got, &want} {
		a.Body = strings.ReplaceAll(a.Body, string(o.id), string(never.id))
		if to := a.Header.Get("Location"); to != "" {
			a.Header.Set("Location", strings.ReplaceAll(to, string(o.id), string(never.id)))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("%s %s (%s) is not the answer for a case that never was (-absent +withheld):\n%s", method, path, o.name, diff)
	}
}

// judgePage says whether a page answered as it should.
func (w *walker) judgePage(pattern string, row walked, method, path, project string, o object, got answer) {
	w.t.Helper()
	want := row.want
	if want == nil {
		want = []int{200}
	}
	mine := string(w.who.project) == project && !w.who.out
	inside := w.who.handle != "" && mine
	switch {
	case row.to == public && strings.Contains(pattern, "cases/{case}") && !w.visible(row, project, o):
		want = []int{404}
	case row.to == holders && !(w.who.code != "" && mine):
		want = []int{404}
	case (row.to == members || row.to == administrators) && !inside && method == "GET":
		want = []int{303}
	case (row.to == members || row.to == administrators) && !inside:
		want = []int{401}
	case row.to == administrators && !w.who.admin:
		want = []int{404}
	case row.to == members && strings.Contains(pattern, "{case}") && !w.visible(row, project, o):
		want = []int{404}
	}
	if !slices.Contains(want, got.Status) {
		w.t.Errorf("%s %s (%s): got %d, want %v: %s", method, path, o.name, got.Status, want, says(got))
	}
	if got.Status == 303 && !strings.HasPrefix(got.Header.Get("Location"), "/desk/"+project) {
		w.t.Errorf("%s %s leads to %q", method, path, got.Header.Get("Location"))
	}
}

// judgeOperation says whether an operation answered as it should.
func (w *walker) judgeOperation(row walked, what, project string, o object, about bool, got answer) {
	w.t.Helper()
	want := row.want
	if want == nil {
		want = []int{200}
	}
	known := string(w.who.project) == project && !w.who.out
	has := w.who.token+w.who.code != ""
	inside := known && w.who.handle != ""
	switch {
	case row.to == public:
	case has && !known, row.to != anybody && !has: // what is no credential here, and none at all
		want = []int{401}
	case row.to == guests && !inside && !w.who.guest, (row.to == members || row.to == administrators) && !inside, row.to == administrators && !w.who.admin:
		want = []int{403}
	case about && !w.visible(row, project, o):
		want = []int{404}
	}
	if !slices.Contains(want, got.Status) {
		w.t.Errorf("%s (%s): got %d, want %v: %s", what, o.name, got.Status, want, says(got))
	}
}

// everythingThatIsTheirs asks that the walk was no blind one: who may read a word has met it somewhere.
func (w *walker) everythingThatIsTheirs() {
	w.t.Helper()
	for name := range w.who.reads {
		if w.who.reads[name] == "-" || w.who.out {
			continue
		}
		for _, category := range []string{"TITLE", "BODY"} {
			if !w.met[fmt.Sprint(name, " ", category)] {
				w.t.Errorf("%s may read the %s of %s, and met it nowhere: the walk is blind", w.who.name, category, name)
			}
		}
	}
}
