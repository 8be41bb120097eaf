-- Reports that visitors keep for some days, each under an address of which only the hash is stored.

CREATE TABLE shared_report (
    key_sha256 TEXT PRIMARY KEY,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    content {{BYTES}}
);
CREATE INDEX shared_report_expires ON shared_report(expires_at);
