"""What is stored: the database and its tables, files, records, the chain of events, submissions for an audience."""
