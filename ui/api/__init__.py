"""The HTTP API under /api/v1: what Python offers, for programs in any language."""
