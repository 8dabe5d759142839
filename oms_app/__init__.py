"""Faces and wiring: command line, web pages, worker, and the one place that builds things."""
