"""`python -m feedsite`."""

import sys

if __name__ == "__main__":  # a process that helps to read imports this too
    if not sys.flags.safe_path:
        del sys.path[0]  # the current folder, often the site's, where a commit could lay a module
    from .cli import main

    main()
