"""The same verbs as JSON, for programs."""
