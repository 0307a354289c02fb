"""The commands, one module each, so that each imports only what it needs itself."""
