"""The page: a library one can see, conversations that stay, quotes one can read.

In: an open library. Out: a Gradio page on loopback that loads nothing from anywhere else. One
module for each tab (`ask`, `search`, `results` for comparing and timelines, `library`); what they
share is `desk`; `app` puts them together; `draw` makes the HTML; static has look and script.
"""
