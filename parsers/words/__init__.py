"""What words, numbers, dates and units mean, in every language, whatever the format."""
