"""One module per family of rules; each check is a pure function of order, facts and rule set."""
