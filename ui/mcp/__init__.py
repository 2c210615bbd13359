"""The library for assistants, by the Model Context Protocol: tools, resources, how to cite."""
