"""Entry files changed in place, by commands: only what is meant changes, to the byte."""
