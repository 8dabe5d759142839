"""The business: its values, its decisions, its ports and its records."""
