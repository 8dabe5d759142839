"""How well documents are read: labelled documents are read, scored, and shown in a report for people."""
