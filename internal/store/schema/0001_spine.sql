-- +goose Up
-- One text for SQLite and PostgreSQL. Instants are microseconds since 1970, ids are made by the program. Clear are ids,
-- sequence, instants, kinds, states, sizes and hashes; whatever is named sealed, wrapped, pending or answer is encrypted.

CREATE TABLE projects (
    id        TEXT   NOT NULL PRIMARY KEY,
    number    BIGINT NOT NULL UNIQUE,            -- a small number for locks
    prefix    TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    policy    BIGINT NOT NULL,                   -- version in force
    origin    TEXT   NOT NULL,                   -- of its public log
    verifier  TEXT   NOT NULL,                   -- public half of the log's key
    signer    BYTEA  NOT NULL,                   -- secret half, sealed under the root
    root_key  BIGINT NOT NULL,                   -- version of the key that wraps the root
    root      BYTEA  NOT NULL,                   -- wrapped secret that never changes; the other keys of the project derive from it
    next_case BIGINT NOT NULL,
    created   BIGINT NOT NULL
);

CREATE TABLE keys (
    project    TEXT   NOT NULL REFERENCES projects (id),
    version    BIGINT NOT NULL,
    recipients TEXT   NOT NULL,                  -- public halves of the age identities that open it
    sealed     BYTEA  NOT NULL,
    PRIMARY KEY (project, version)
);

-- The keys that a project signs its notices with, newest last. Those before stay, since what they signed stays signed.
CREATE TABLE notice_keys (
    project  TEXT   NOT NULL REFERENCES projects (id),
    number   BIGINT NOT NULL,
    at       BIGINT NOT NULL,                    -- since when it signs
    openpgp  TEXT   NOT NULL,                    -- public half
    verifier TEXT   NOT NULL,                    -- public half of the key for signed notes
    sealed   BYTEA  NOT NULL,                    -- both secret halves
    PRIMARY KEY (project, number)
);

CREATE TABLE policies (
    project  TEXT   NOT NULL REFERENCES projects (id),
    version  BIGINT NOT NULL,
    at       BIGINT NOT NULL,                    -- when it came into force
    author   TEXT   NOT NULL,                    -- who put it in force
    proposal BIGINT NOT NULL,                    -- that it came from; 0: none
    sealed   BYTEA  NOT NULL,
    PRIMARY KEY (project, version)
);

-- Changes of the policy that somebody proposed. What it would say, why, and what others said about it is sealed.
CREATE TABLE policy_proposals (
    project TEXT   NOT NULL REFERENCES projects (id),
    number  BIGINT NOT NULL,
    rev     BIGINT NOT NULL CHECK (rev > 0),
    base    BIGINT NOT NULL,                     -- version of the policy that it changes
    at      BIGINT NOT NULL,
    author  TEXT   NOT NULL,
    source  TEXT   NOT NULL CHECK (source IN ('editor', 'forge')),
    origin  TEXT   NOT NULL,                     -- hash of the file in a forge; empty: none
    state   TEXT   NOT NULL CHECK (state IN ('open', 'accepted', 'rejected', 'withdrawn')),
    version BIGINT NOT NULL,                     -- of the policy that it became; 0: none
    sealed  BYTEA  NOT NULL,
    PRIMARY KEY (project, number)
);
CREATE UNIQUE INDEX policy_proposals_origin ON policy_proposals (project, origin) WHERE origin <> '';

-- The file of a forge that a project's policy comes from, where it does: when it was read last, and what was found.
CREATE TABLE policy_sources (
    project TEXT   NOT NULL PRIMARY KEY REFERENCES projects (id),
    at      BIGINT NOT NULL,                     -- when it was read last
    sealed  BYTEA                                -- what was found
);

-- The written forms of a version of the policy on their way into a repository.
CREATE TABLE policy_pulls (
    project TEXT   NOT NULL REFERENCES projects (id),
    version BIGINT NOT NULL,
    place   TEXT   NOT NULL,                     -- "policy": beside the file; "docs": the site
    state   TEXT   NOT NULL CHECK (state IN ('open', 'failed', 'done')),
    tries   BIGINT NOT NULL,
    due     BIGINT NOT NULL,                     -- when it is tried next; of what is done, when that was
    sealed  BYTEA,                               -- where the pull request is, or what stands in the way
    PRIMARY KEY (project, version, place)
);

-- Open cases on their way to another version of the policy, in the order in which they came.
CREATE TABLE adoptions (
    project TEXT   NOT NULL REFERENCES projects (id),
    number  BIGINT NOT NULL,
    version BIGINT NOT NULL,                     -- that they move to
    at      BIGINT NOT NULL,
    author  TEXT   NOT NULL,
    ended   BIGINT NOT NULL,                     -- 0: it goes on
    total   BIGINT NOT NULL,                     -- open cases when it began
    looked  BIGINT NOT NULL,                     -- at how many of them
    moved   BIGINT NOT NULL,
    kept    BIGINT NOT NULL,                     -- that stay where they are, since the version has no place for them
    opened  BIGINT NOT NULL,                     -- of the last case that was looked at
    case_id TEXT   NOT NULL,
    sealed  BYTEA  NOT NULL,                     -- why, and the name of who said so
    PRIMARY KEY (project, number)
);

-- The packs for what the policy says is done again and again, one for each period.
CREATE TABLE process_reviews (
    project TEXT   NOT NULL REFERENCES projects (id),
    name    TEXT   NOT NULL,                     -- of the recurring item
    period  BIGINT NOT NULL,                     -- when its period began
    until   BIGINT NOT NULL,                     -- when it ended
    rev     BIGINT NOT NULL CHECK (rev > 0),
    at      BIGINT NOT NULL,
    closed  BIGINT NOT NULL,                     -- when the review was over; 0: it is not
    sealed  BYTEA  NOT NULL,                     -- what was found, and what was decided
    PRIMARY KEY (project, name, period)
);

-- What a project keeps beside its cases: the members of its audiences, the projects downstream. Each writing is a row of its own
-- and the newest counts; of what is gone nothing is left but that it was there.
CREATE TABLE register (
    project TEXT    NOT NULL REFERENCES projects (id),
    kind    TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    rev     BIGINT  NOT NULL CHECK (rev > 0),
    newest  BOOLEAN NOT NULL,
    at      BIGINT  NOT NULL,
    author  TEXT    NOT NULL,
    gone    BOOLEAN NOT NULL,
    sealed  BYTEA   NOT NULL,                    -- names, addresses and all the rest; empty if it is gone
    PRIMARY KEY (project, kind, id, rev)
);
CREATE INDEX register_newest ON register (project, kind, id) WHERE newest;

CREATE TABLE heads (
    project TEXT   NOT NULL PRIMARY KEY REFERENCES projects (id),
    seq     BIGINT NOT NULL,                     -- of the last event
    chain   BYTEA  NOT NULL,                     -- link after it
    taken   BIGINT NOT NULL,                     -- when it was taken
    closed  BIGINT NOT NULL,                     -- last closed epoch
    followed BIGINT NOT NULL DEFAULT 0           -- last event whose letters are worked out
);

CREATE TABLE cases (
    project TEXT    NOT NULL REFERENCES projects (id),
    id      TEXT    NOT NULL,
    rev     BIGINT  NOT NULL CHECK (rev > 0),
    opened  BIGINT  NOT NULL,
    changed BIGINT  NOT NULL,
    state   TEXT    NOT NULL,
    public  BOOLEAN NOT NULL,
    size    BIGINT  NOT NULL,
    key     BIGINT  NOT NULL,                    -- version of the project's key that wraps the case's
    wrapped BYTEA   NOT NULL,
    sealed  BYTEA   NOT NULL,                    -- the fold of its events
    erased  BIGINT  NOT NULL DEFAULT 0,          -- when its content and the key before this one were destroyed
    PRIMARY KEY (project, id),
    FOREIGN KEY (project, key) REFERENCES keys (project, version)
);
CREATE INDEX cases_opened ON cases (project, opened, id);
CREATE INDEX cases_open ON cases (project, opened, id) WHERE state NOT IN ('closed', 'erased');
CREATE INDEX cases_public ON cases (project, opened, id) WHERE public;
CREATE INDEX cases_erased ON cases (project, erased) WHERE erased > 0;

CREATE TABLE events (
    project TEXT   NOT NULL,
    seq     BIGINT NOT NULL,
    id      TEXT   NOT NULL,
    case_id TEXT   NOT NULL,
    rev     BIGINT NOT NULL,
    at      BIGINT NOT NULL,                     -- what the event says
    taken   BIGINT NOT NULL,                     -- when it was written; never before the event in front of it
    kind    TEXT   NOT NULL,
    actor   TEXT   NOT NULL,
    size    BIGINT NOT NULL,
    leaf    BYTEA  NOT NULL,
    chain   BYTEA  NOT NULL,
    sealed  BYTEA  NOT NULL,                     -- salt and canonical event; empty once its case is erased
    PRIMARY KEY (project, seq),
    UNIQUE (project, case_id, rev),
    FOREIGN KEY (project, case_id) REFERENCES cases (project, id)
);

CREATE TABLE clocks (
    project TEXT   NOT NULL,
    case_id TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    kind    TEXT   NOT NULL,
    due     BIGINT NOT NULL,
    PRIMARY KEY (project, case_id, name, kind),
    FOREIGN KEY (project, case_id) REFERENCES cases (project, id)
);
CREATE INDEX clocks_due ON clocks (due);

CREATE TABLE once (
    project TEXT   NOT NULL REFERENCES projects (id),
    key     TEXT   NOT NULL,                     -- hash of what the asker sent as a key
    case_id TEXT   NOT NULL,                     -- that the request was about, or made
    body    BYTEA  NOT NULL,                     -- hash of the request
    answer  BYTEA  NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (project, key)
);

CREATE TABLE attachments (
    project TEXT    NOT NULL REFERENCES projects (id),
    case_id TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    size    BIGINT  NOT NULL,
    at      BIGINT  NOT NULL,
    named   BOOLEAN NOT NULL,                    -- an event names it; others are purged
    pending BYTEA,                               -- key of a case that does not exist yet
    PRIMARY KEY (project, case_id, id)
);

CREATE TABLE attachment_parts (
    project TEXT   NOT NULL,
    case_id TEXT   NOT NULL,
    id      TEXT   NOT NULL,
    part    BIGINT NOT NULL,
    sealed  BYTEA  NOT NULL,
    PRIMARY KEY (project, case_id, id, part),
    FOREIGN KEY (project, case_id, id) REFERENCES attachments (project, case_id, id) ON DELETE CASCADE
);

CREATE TABLE deliveries (
    project  TEXT    NOT NULL,
    job      TEXT    NOT NULL,
    case_id  TEXT,                               -- none: it is about an entry of the register
    event    TEXT    NOT NULL,
    channel  TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    at       BIGINT  NOT NULL,
    tries    BIGINT  NOT NULL,
    repeated BOOLEAN NOT NULL,
    released BIGINT  NOT NULL DEFAULT 0,         -- how often a person let it go after it was held
    PRIMARY KEY (project, job),
    FOREIGN KEY (project, case_id) REFERENCES cases (project, id)
);
CREATE INDEX deliveries_event ON deliveries (project, case_id, event);
CREATE INDEX deliveries_unaccepted ON deliveries (project, job) WHERE state = 'not accepted';
CREATE INDEX deliveries_held ON deliveries (project, job) WHERE state = 'held';

CREATE TABLE publications (
    project TEXT   NOT NULL REFERENCES projects (id),
    id      TEXT   NOT NULL,
    case_id TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    state   TEXT   NOT NULL CHECK (state IN ('armed', 'done', 'withdrawn')),
    edition TEXT   NOT NULL,                     -- event that wrote the documents
    size    BIGINT NOT NULL,
    sealed  BYTEA  NOT NULL,
    held    BOOLEAN NOT NULL DEFAULT FALSE,      -- its instant is nothing until a person lets it go
    PRIMARY KEY (project, id)
);

-- A project that came out of a backup: nothing of it goes out until a person lets it, since the world may have it already.
CREATE TABLE holds (
    project TEXT   NOT NULL PRIMARY KEY REFERENCES projects (id),
    kept    BIGINT NOT NULL,                     -- the moment that the backup holds
    since   BIGINT NOT NULL                      -- when it was restored
);

-- Published copies of a project's policy, and what was found when they were compared with it last.
CREATE TABLE copies (
    project TEXT   NOT NULL REFERENCES projects (id),
    url     TEXT   NOT NULL,
    at      BIGINT NOT NULL,                     -- when it was compared last
    since   BIGINT NOT NULL,                     -- since when what was found is the same
    sealed  BYTEA,                               -- what was found
    PRIMARY KEY (project, url)
);

-- What is known of the installation itself, by name: "backup" is the moment that the last backup holds.
CREATE TABLE installation (
    name TEXT   NOT NULL PRIMARY KEY,
    at   BIGINT NOT NULL
);

CREATE TABLE epochs (
    project TEXT   NOT NULL REFERENCES projects (id),
    number  BIGINT NOT NULL,
    place   BIGINT NOT NULL,                     -- in the public log, from 0
    first   BIGINT NOT NULL,                     -- sequence of its events; last = first - 1 in an idle hour
    last    BIGINT NOT NULL,
    root    BYTEA  NOT NULL,
    PRIMARY KEY (project, number)
);
CREATE UNIQUE INDEX epochs_place ON epochs (project, place);
CREATE INDEX epochs_last ON epochs (project, last, number);

CREATE TABLE log_hashes (
    project TEXT   NOT NULL REFERENCES projects (id),
    place   BIGINT NOT NULL,
    hash    BYTEA  NOT NULL,
    PRIMARY KEY (project, place)
);

CREATE TABLE logs (
    project    TEXT   NOT NULL PRIMARY KEY REFERENCES projects (id),
    size       BIGINT NOT NULL,
    checkpoint TEXT   NOT NULL
);

CREATE TABLE people (
    project  TEXT    NOT NULL REFERENCES projects (id),
    handle   TEXT    NOT NULL,
    roles    TEXT    NOT NULL,                   -- a JSON list
    active   BOOLEAN NOT NULL,
    password TEXT    NOT NULL,                   -- a slow hash
    sealed   BYTEA   NOT NULL,                   -- name and address
    PRIMARY KEY (project, handle)
);

CREATE TABLE tokens (
    id      TEXT   NOT NULL PRIMARY KEY,
    project TEXT   NOT NULL,
    handle  TEXT   NOT NULL,
    hash    BYTEA  NOT NULL,
    expires BIGINT NOT NULL,
    session BOOLEAN NOT NULL,                    -- made by signing in to the pages, not for a program
    FOREIGN KEY (project, handle) REFERENCES people (project, handle)
);

-- The calendars that people follow: one each, found by the id in its address.
CREATE TABLE feeds (
    project TEXT   NOT NULL REFERENCES projects (id),
    owner   TEXT   NOT NULL,                     -- "person HANDLE", or what is left of a code's hash when it is hashed again
    id      TEXT   NOT NULL,
    hash    BYTEA  NOT NULL,                     -- of the secret in its address
    rev     BIGINT NOT NULL,
    sealed  BYTEA  NOT NULL,                     -- whose it is, and what it gave last
    PRIMARY KEY (project, owner)
);
CREATE UNIQUE INDEX feeds_id ON feeds (project, id);

-- Who read a case, once for each person, case and hour. It is not part of the case.
CREATE TABLE readings (
    project TEXT   NOT NULL,
    case_id TEXT   NOT NULL,
    actor   TEXT   NOT NULL,
    hour    BIGINT NOT NULL,
    PRIMARY KEY (project, case_id, actor, hour),
    FOREIGN KEY (project, case_id) REFERENCES cases (project, id)
);
