"""Evidence -> the sentences of an answer, not yet checked.

In: a question and excerpts. Out: sentences by an LLM, or quoted from the articles.
"""
