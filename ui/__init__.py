"""Command line and chat page."""
