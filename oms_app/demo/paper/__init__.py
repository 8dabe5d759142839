"""Order documents on paper, as other houses print them, each with the truth of what it states."""
