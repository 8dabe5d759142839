"""The head of a PDF: number, dates, parties, currency and kind."""
