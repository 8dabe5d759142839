"""Orders in PDF: words with boxes and ruling lines in, drafts with places out."""
