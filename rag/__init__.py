"""From a question to hits and an answer with citations.

In: a question and a library. Out: `Hits` and an `Answer`. A question is understood (question/),
passages are found (retrieve/), their sentences read (evidence/), an answer drafted (draft/), each
of its sentences bound to its sources and checked (check/); answer/ask.py runs all of this.
"""
