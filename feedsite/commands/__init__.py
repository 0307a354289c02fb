"""What is typed, one module a command, so that each imports only what it needs itself."""
