"""Articles -> passages, and texts -> vectors in which languages compare.

In: an `Article`, a question, sentences. Out: `Passage`s with their sentences, and L2-normalised
vectors; `Offsets` take out of their scores what an embedder gives a language for free.
"""
