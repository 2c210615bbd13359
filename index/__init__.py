"""From raw pages to articles, passages and vectors on disk."""
