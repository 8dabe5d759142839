"""The history of the schema, applied by `ordermill migrate`."""
