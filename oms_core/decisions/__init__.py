"""Pure functions that decide: what state follows, what it costs, where it comes from."""
