"""A Live in this process: asking it, and taking its index away."""

import shutil
from contextlib import suppress

from feedsite.folder import indexfile
from feedsite.serving.web import create_app

from .servers import TOKEN
from .waiting import until


def lose_index(folder):
    """Deletes the cache folder, whatever is just being written there."""

    def is_gone():
        with suppress(OSError):  # a server put something there between the last file and the folder
            shutil.rmtree(indexfile.folder(folder, {}))
            return True

    until(is_gone)


def get(live, path, **headers):
    """As an operator asks, who holds the token of /status."""
    headers = {"Authorization": f"Bearer {TOKEN}", **headers}
    return create_app(live, TOKEN).test_client().get(path, headers=headers)
