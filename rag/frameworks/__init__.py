"""A library as a part of other programs' frameworks: LlamaIndex, LangChain, Haystack."""
