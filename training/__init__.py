"""Data sets -> the weights of the reader: `python -m training DATA OUT`; see docs/reader.md."""
