"""What the pages and the API share: the gate, who is asking, uploads, and pictures of documents."""
