-- What the service keeps: who is signed in, and which addresses are still to be told of an event.

CREATE TABLE session (
    key_sha256 TEXT PRIMARY KEY,
    token TEXT NOT NULL REFERENCES token(id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
);

CREATE TABLE outbox (
    id {{ID}},
    address TEXT NOT NULL,
    event BIGINT NOT NULL,
    body TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at TEXT NOT NULL,
    sent_at TEXT,
    given_up_at TEXT,
    problem TEXT,
    UNIQUE (address, event)
);
CREATE INDEX outbox_waiting ON outbox(next_at, id);
