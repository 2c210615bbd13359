"""The page in the browser.

In: an open library. Out: a Gradio page on loopback; render.py makes all of its HTML, static/ holds
its look and its script.
"""
