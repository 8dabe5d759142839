"""EDIFACT interchanges."""
