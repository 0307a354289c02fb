"""A server of documents as they are, without validators: of a dict, or of a folder that was exported."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@contextmanager
def documents():
    """A dict of bodies by path, which are served; and the address at which they are."""
    served = {}
    with _serving(served.get) as address:
        yield served, address


@contextmanager
def documents_of(folder):
    """The address at which the files of a folder are served."""

    def body(path):
        file = folder / path.lstrip("/")
        return file.read_bytes() if file.is_file() else None

    with _serving(body) as address:
        yield address


@contextmanager
def _serving(body_at):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = body_at(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "application/json" if self.path.endswith("json") else "application/xml")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
