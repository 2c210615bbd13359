"""What is asked.

In: a question and the conversation before it. Out: the question made self-contained; its vector, terms
and names in every language (`Probe`); the form of answer that it asks for.
"""
