"""`python -m feedsite`."""

from .cli import main

if __name__ == "__main__":  # a process that helps to read imports this too
    main()
