"""The motor that drives durable work; only this package knows DBOS."""
