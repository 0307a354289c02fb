"""A preview in this process: a folder that is followed, and what it answers."""

import threading
from contextlib import contextmanager

from feedsite.documentcache import DocumentCache
from feedsite.folder.library import Library
from feedsite.previewing.answering import answer
from feedsite.previewing.followed import FollowedFolder
from feedsite.previewing.sockets import Server
from feedsite.previewing.view import View
from feedsite.serving.messages import Request

from .golden import NOW


def view(folder, at=None, now=NOW, environment=None):
    """The folder as its editors see it at one moment."""
    library = Library(folder, environment or {})
    library.read()
    return View(library, DocumentCache(), now, at)


def ask(a_view, path, method="GET", **headers):
    """What a preview answers, with the body as text."""
    path, _, query = path.partition("?")
    given = {"host": "localhost"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return answer(a_view, Request(method, path, given, query=query))


def text(a_view, path):
    """The page at a path."""
    answered = ask(a_view, path)
    assert answered.status == 200, (path, answered.status)
    return answered.body.decode()


@contextmanager
def served(folder, at=None, port=0, clock=None, **options):
    """A preview on a socket of this process, which follows the folder."""
    library = Library(folder, {})
    library.read()
    followed = FollowedFolder(library, at, clock or (lambda: NOW))
    server = Server(("127.0.0.1", port), **options)
    server.followed = followed
    followed.start()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        followed.stop()
