"""From a question to hits and an answer with citations."""
