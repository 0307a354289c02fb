"""feedsite measured beside its peers, on this machine and in one run. README.md says how."""
