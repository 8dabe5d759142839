"""The database and the document store: engine, sessions, named queries, migrations."""
