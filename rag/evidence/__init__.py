"""Hits -> the sentences that answer.

In: the hits of a question. Out: `Source`s, each sentence with its relevance, `Excerpt`s for an LLM,
and a judgement whether they answer the question.
"""
