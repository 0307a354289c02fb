"""A WebSub hub on the loopback that records its requests."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

TAKEN, HANG = (202, {}), None


class RecordingHub:
    """Keeps the requests it gets, and answers them in turn as `answers` say: a status and headers; the last one stays.

    HANG answers when the gate is opened. `fetch` is called with each topic before it is answered.
    """

    def __init__(self):
        self.answers = [TAKEN]
        self.requests = []
        self.gate = threading.Event()
        self.fetch = str
        self.turn = threading.Lock()
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                with hub.turn:
                    hub.requests.append((self.path, self.headers["Content-Type"], body))
                    answer = hub.answers.pop(0) if len(hub.answers) > 1 else hub.answers[0]
                if answer is HANG:
                    hub.gate.wait()
                hub.fetch(dict(parse_qsl(body))["hub.topic"])
                status, headers = answer or TAKEN
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_):
                pass

        class Listening(ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                """Whoever gave up has closed the connection."""

        self.server = Listening(("127.0.0.1", 0), Handler)

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server.server_port}/"

    @property
    def told(self):
        """The topics, in the order in which they came."""
        with self.turn:
            return [dict(parse_qsl(body))["hub.topic"] for _, _, body in self.requests]

    def run(self, context=None):
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, args=(0.01,)).start()
        return self

    def stop(self):
        self.gate.set()
        self.server.shutdown()
        self.server.server_close()
