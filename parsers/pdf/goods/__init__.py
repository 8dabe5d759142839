"""The rows of goods in a PDF, and the sums that prove them."""
