"""The file that an article came from, as it was added; of a PDF the page, with the words marked.

In: an article, a quote. Out: its original, or a picture of its page.
"""
