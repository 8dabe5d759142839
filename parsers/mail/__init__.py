"""Orders written in mails, and mails as containers of parts."""
