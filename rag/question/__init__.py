"""What is asked.

In: a question, the conversation before it. Out: the question in words of its own, its vector, terms
and names in every language (`Probe`), and the form of answer that it asks for.
"""
