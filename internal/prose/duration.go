package prose

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// span is a length of time as a sentence says it.
type span struct {
	value   string // as a policy writes it: 24h, 7d, 1mo; empty where the words give no number
	least   string // of "24-48 hours" the first
	working bool   // working days or business hours
	vague   bool   // "a couple of days"
	at, end int    // where in the sentence
}

const numberWord = `\d{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|thirty|forty-five|sixty|ninety|half an?|a couple of|couple of|a few|several`

var spanWords = regexp.MustCompile(`(?i)(?:^|[^\p{L}\d.])(?:(` + numberWord + `)(?:\s?(?:-|–|—|to|or|/)\s?(\d{1,4}|two|three|four|five|six|seven))?(?:\s*\(\d{1,4}\))?[\s-]*` +
	`((?:business|working|work|calendar|full)[\s-]+)?(minutes?|mins?|hours?|hrs?|h|weekdays?|days?|d|weeks?|fortnights?|months?|years?))(?:$|[^\p{L}\d])`)

var numbers = map[string]int{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
	"ten": 10, "twelve": 12, "fourteen": 14, "fifteen": 15, "thirty": 30, "forty-five": 45, "sixty": 60, "ninety": 90, "a couple of": 2, "couple of": 2}

// spans are the lengths of time that a sentence names, in their order.
func spans(sentence string) []span {
	var all []span
	for from := 0; from < len(sentence); {
		m := spanWords.FindStringSubmatchIndex(sentence[from:])
		if m == nil {
			break
		}
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return strings.ToLower(sentence[from+m[2*i] : from+m[2*i+1]])
		}
		s := span{at: from + m[2], end: from + m[9]}
		count, kind, unit := group(1), group(3), group(4)
		s.working = strings.HasPrefix(kind, "business") || strings.HasPrefix(kind, "work") || strings.HasPrefix(unit, "weekday")
		s.vague = strings.Contains(count, "couple") || count == "a few" || count == "several"
		s.value = written(count, unit)
		if to := group(2); to != "" {
			s.least, s.value = s.value, written(to, unit)
		}
		if s.working && s.value != "" {
			s.value = strings.NewReplacer("d", "wd", "h", "wh").Replace(s.value)
			s.least = strings.NewReplacer("d", "wd", "h", "wh").Replace(s.least)
		}
		last := len(all) - 1
		switch {
		case len(unit) == 1 && (count[0] < '0' || count[0] > '9'): // "a d" is no day
		case last >= 0 && s.value != "" && all[last].value != "" && continues(sentence[all[last].end:s.at]): // "1 day 12 hours" is one time
			all[last].value, all[last].end = all[last].value+s.value, s.end
		default:
			all = append(all, s)
		}
		from = s.end
	}
	return all
}

func continues(between string) bool { return between == " " || between == " and " }

// written is a number with its unit as a policy has it.
func written(count, unit string) string {
	if strings.HasPrefix(count, "half") {
		switch unit[0] {
		case 'h':
			return "30m"
		case 'd':
			return "12h"
		}
		return ""
	}
	n, ok := numbers[count]
	if !ok {
		var err error
		if n, err = strconv.Atoi(count); err != nil {
			return ""
		}
	}
	switch {
	case strings.HasPrefix(unit, "min"):
		return fmt.Sprintf("%dm", n)
	case unit[0] == 'h':
		return fmt.Sprintf("%dh", n)
	case unit[0] == 'd', strings.HasPrefix(unit, "weekday"):
		return fmt.Sprintf("%dd", n)
	case strings.HasPrefix(unit, "fortnight"):
		return fmt.Sprintf("%dw", 2*n)
	case unit[0] == 'w':
		return fmt.Sprintf("%dw", n)
	case strings.HasPrefix(unit, "month"):
		return fmt.Sprintf("%dmo", n)
	}
	return fmt.Sprintf("%dmo", 12*n)
}

// units are those of a policy with their lengths for comparing; five working days are a week.
var units = map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour, "mo": 30 * 24 * time.Hour,
	"wd": 7 * 24 * time.Hour / 5, "wh": 7 * 24 * time.Hour / 40}

var pieces = regexp.MustCompile(`^(\d{1,4})(mo|wd|wh|m|h|d|w)`)

// length is how long a written time is, for comparing: a week is seven days, two days are 48 hours, a month 30 days.
func length(value string) (total time.Duration, ok bool) {
	for value != "" {
		m := pieces.FindStringSubmatch(value)
		if m == nil {
			return 0, false
		}
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return 0, false
		}
		total, value, ok = total+time.Duration(n)*units[m[2]], value[len(m[0]):], true
	}
	return total, ok
}
