"""Dates of a text: stated in full, relative to its own date, or as the day it was published.

In: a text, and its own date where that is known. Out: `Day`s with their places; a date in ISO 8601.
"""
