"""From a question to an answer: ask.py has all steps in order.

In: a question, a retriever, an LLM or none. Out: events as they come, the last of them an `Answer`
whose every supported sentence cites the words that carry it.
"""
