"""How good answers are.

In: questions with their gold evidence. Out: an `Evaluation`; the difference of two evaluations with
its confidence interval.
"""
