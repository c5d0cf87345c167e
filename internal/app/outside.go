package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/channel"
	"github.com/tipstaff/tipstaff/internal/store"
)

// outside is the way to the world: the channels by name, and the files with their addresses.
type outside struct {
	channels  map[string]channel.Channel
	addresses map[string]string // PROJECT/CHANNEL → file
	out       channel.Out
	quiet     bool
}

func newOutside(cfg Config, world World) (outside, error) {
	o := outside{channels: map[string]channel.Channel{}, addresses: cfg.Channels, quiet: world.Quiet}
	for _, c := range world.Channels {
		o.channels[c.Name] = c
	}
	o.out = channel.Out{HTTP: channel.NewClient(cfg.HookHosts...), Now: world.Now, Webhook: channel.WebhookConfig{SecretFile: cfg.HookSecrets}}
	if cfg.SMTP == "" {
		return o, nil
	}
	host, port, err := net.SplitHostPort(cfg.SMTP)
	if err != nil {
		return o, fmt.Errorf("smtp %q: write HOST:PORT", cfg.SMTP)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return o, fmt.Errorf("smtp %q: the port is a number", cfg.SMTP)
	}
	o.out.SMTP = channel.SMTPConfig{Host: host, Port: number, From: cfg.MailFrom, User: cfg.SMTPUser, PasswordFile: cfg.SMTPPassword, TLS: cfg.SMTPTLS}
	return o, nil
}

// find is the channel for a letter and the address it goes to; ok is false when the installation has none.
func (o outside) find(out casework.Outgoing) (c channel.Channel, to string, ok bool, err error) {
	c, ok = o.channels[out.Kind]
	switch {
	case o.quiet:
		return c, "nobody", ok, nil
	case !ok || out.Kind == "mail" && o.out.SMTP.Host == "":
		return c, "", false, nil
	case out.Setting == "":
		return c, out.Letter.To, out.Letter.To != "", nil
	}
	file, ok := o.addresses[out.Setting]
	if !ok {
		return c, "", false, nil
	}
	to, err = secretFile(file)
	return c, to, to != "", err
}

// deliver runs the job of one letter. Last says that it will not be tried again.
func (a *App) deliver(ctx context.Context, letter store.Deliver, last bool, done *store.Job) error {
	job := letter.Job
	d, err := a.Store.Delivery(ctx, letter.Project, job)
	if err != nil {
		return fmt.Errorf("read letter %s: %w", job, err)
	}
	if d.Released != letter.Released || !d.Live() { // held or dropped since this job was made, or let go again by a later one
		return a.Store.FinishJob(ctx, done)
	}
	if casework.IsLook(d) {
		return a.lookAt(ctx, d, last, done)
	}
	out, err := a.Casework.Outgoing(ctx, letter.Project, job)
	if err != nil {
		return fmt.Errorf("write letter %s: %w", job, err)
	}
	if s := out.Delivery.State; s == cvd.Sent || s == cvd.GaveUp { // only what follows from it was not kept yet
		return a.Casework.Sent(ctx, out, out.Delivery.At, failure(s, out.Delivery.Repeated), done)
	}
	if out.Gone {
		return a.Casework.Sent(ctx, out, a.Casework.Now(), "its recipient is no longer told", done)
	}
	if out.Place != "" && a.looking != nil {
		return a.visit(ctx, out, done)
	}
	c, to, ok, err := a.outside.find(out)
	if err != nil {
		return err
	}
	if !ok {
		return a.Casework.Hold(ctx, out.Delivery, done)
	}
	if err := a.Casework.Sending(ctx, &out.Delivery); err != nil {
		return err
	}
	out.Letter.To = to
	receipt, err := c.Send(ctx, a.outside.out, out.Letter)
	unsure := channel.Unsure(err)
	out.Delivery.Repeated = out.Delivery.Repeated || unsure && last
	switch {
	case err == nil:
		return a.Casework.Sent(ctx, out, receipt.At, "", done)
	case channel.Final(err) || last:
		a.log.Warn("letter given up", "job", job, "channel", out.Kind)
		return a.Casework.Sent(ctx, out, a.Casework.Now(), failure(cvd.GaveUp, out.Delivery.Repeated), done)
	case unsure: // it stays under way, and the next try may be a repetition
		return errors.Join(err, a.Casework.Unsure(ctx, out))
	}
	if ctx.Err() != nil { // nobody waited for the answer: it stays under way, and the next try may be a repetition
		return err
	}
	// The channel said no, so nothing went out: the next try is no repetition.
	if notSent := a.Casework.Waiting(ctx, out.Delivery); notSent != nil {
		return errors.Join(err, notSent)
	}
	return err
}

// failure is what a case says of a letter that was given up; the channel's own words may hold an address.
func failure(s cvd.DeliveryState, maybe bool) string {
	if s == cvd.GaveUp && maybe {
		return "the channel did not confirm it, and it may have gone out all the same"
	}
	if s == cvd.GaveUp {
		return "the channel did not take it"
	}
	return ""
}
