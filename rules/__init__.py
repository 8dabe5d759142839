"""Mapping and validation rules as typed data: evaluated over facts, answered as findings in plain sentences."""
