"""The pages for the people who decide."""
