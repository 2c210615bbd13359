"""The story from a question to an answer, told in ask.py.

In: a question, a retriever, an LLM or none. Out: events as they come, the last of them an `Answer`
whose every supported sentence cites the words that carry it.
"""
