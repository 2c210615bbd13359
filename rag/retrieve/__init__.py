"""A question -> the passages that answer it, in whatever language they are.

In: a question and a library. Out: `Hits`, with the probability that they answer it.
"""
