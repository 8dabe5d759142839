"""Settings from environment, `ordermill.toml` and defaults, frozen and nested."""
