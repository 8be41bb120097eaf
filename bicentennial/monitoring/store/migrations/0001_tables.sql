-- The tables of a registry. {{BYTES}} and {{ID}} are a type and a column that SQLite and PostgreSQL write differently.
-- What was handed in, said and decided is in blob, submission, content, member, record, subject, event and check, and
-- is never updated; action, link, indicator and measurement are worked out of records and may be made again.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE submitter (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT,
    iri TEXT
);

CREATE TABLE dataset (
    id {{ID}},
    submitter TEXT NOT NULL REFERENCES submitter(id),
    name TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    approval INTEGER NOT NULL DEFAULT 0,
    partial INTEGER NOT NULL DEFAULT 0,
    cadence TEXT,
    embargo TEXT,
    threshold TEXT,
    UNIQUE (submitter, name)
);

CREATE TABLE blob (
    sha TEXT NOT NULL,
    piece INTEGER NOT NULL,
    bytes {{BYTES}} NOT NULL,
    PRIMARY KEY (sha, piece)
);

CREATE TABLE submission (
    id {{ID}},
    dataset BIGINT NOT NULL REFERENCES dataset(id),
    number INTEGER NOT NULL,
    issued TEXT NOT NULL,
    issued_until TEXT NOT NULL,
    received_at TEXT NOT NULL,
    sent_by TEXT NOT NULL,
    note TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_sha TEXT NOT NULL,
    file_bytes BIGINT NOT NULL,
    mapping_sha TEXT,
    partial INTEGER NOT NULL,
    previous BIGINT,
    UNIQUE (dataset, number)
);

CREATE TABLE event (
    id BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    submission BIGINT,
    reason TEXT NOT NULL,
    data TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX event_of_submission ON event(submission, id);

CREATE TABLE "check" (
    id {{ID}},
    submission BIGINT NOT NULL REFERENCES submission(id),
    at TEXT NOT NULL,
    rules TEXT NOT NULL,
    version TEXT NOT NULL,
    engine TEXT,
    conforms INTEGER NOT NULL,
    exit_code INTEGER NOT NULL,
    counts TEXT NOT NULL,
    report_sha TEXT NOT NULL
);
CREATE INDEX check_of_submission ON "check"(submission, id);

CREATE TABLE content (
    submission BIGINT PRIMARY KEY REFERENCES submission(id),
    root TEXT NOT NULL,
    places TEXT NOT NULL
);

CREATE TABLE subject (
    id {{ID}},
    dataset BIGINT NOT NULL REFERENCES dataset(id),
    name TEXT NOT NULL,
    UNIQUE (dataset, name)
);

CREATE TABLE record (
    id {{ID}},
    sha TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE member (
    submission BIGINT NOT NULL,
    subject BIGINT NOT NULL,
    record BIGINT NOT NULL,
    sheet INTEGER,
    row_number BIGINT,
    PRIMARY KEY (submission, subject)
){{WITHOUT_ROWID}};
CREATE INDEX member_of_subject ON member(subject, submission, record);

CREATE TABLE redacted (sha TEXT PRIMARY KEY, event BIGINT NOT NULL);

CREATE TABLE action (
    record BIGINT PRIMARY KEY,
    status TEXT,
    start_date TEXT,
    due_date TEXT,
    end_date TEXT,
    budget NUMERIC,
    currency TEXT,
    modality TEXT,
    title_en TEXT,
    title_es TEXT
);

CREATE TABLE link (record BIGINT NOT NULL, property TEXT NOT NULL, target TEXT NOT NULL,
    PRIMARY KEY (record, property, target)){{WITHOUT_ROWID}};

CREATE TABLE indicator (
    record BIGINT PRIMARY KEY,
    title_en TEXT,
    title_es TEXT,
    unit TEXT,
    baseline NUMERIC,
    baseline_date TEXT,
    target NUMERIC,
    due_date TEXT
);

CREATE TABLE measurement (
    record BIGINT PRIMARY KEY,
    indicator TEXT,
    value NUMERIC,
    date TEXT
);

CREATE TABLE token (
    id TEXT PRIMARY KEY,
    secret_sha256 TEXT NOT NULL,
    submitter TEXT,
    scopes TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires TEXT,
    used TEXT,
    revoked TEXT
);
