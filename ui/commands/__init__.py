"""The commands, by what they are about. Importing a module here adds its commands."""
