"""How good answers are.

In: questions with what is known of their answers. Out: an `Evaluation`, and how sure the difference
of two is.
"""
