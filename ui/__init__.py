"""What a person sees: the command line (cli.py, terminal.py) and the page (page/)."""
