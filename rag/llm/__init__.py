"""Language models: how one is opened, prompted and read.

In: settings, a question, excerpts. Out: a LlamaIndex `LLM`, prompts, text as it is written. What an
article says reaches a model as data between marks that the article cannot close.
"""
