"""What the page keeps: conversations with their turns, and results.

In: answers, as they are given. Out: the same when the page is opened again, with the articles of today.
"""
