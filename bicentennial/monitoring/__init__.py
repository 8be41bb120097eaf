"""The registry of a monitoring office: what partners handed in is kept, compared over time, and answers for the goals.

    file ──receive──▶ blob, submission, event        one transaction; then the receipt
                             │
                          check in a worker ──▶ report, records
                             │
                          judge ──▶ verdict, content, member, event   a second transaction

The truth is in SQL (SQLite in one file, or PostgreSQL) and addressed by content: a submission is an immutable map from
subjects to records, a record is stored once under its hash, and what happened to a submission is an append-only chain
of events. Graphs, provenance and the tables of facts are derived from records.
"""
