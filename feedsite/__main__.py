"""`python -m feedsite`."""

from .cli import main

main()
