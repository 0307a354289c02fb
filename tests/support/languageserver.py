"""yaml-language-server as editors run it: JSON-RPC over its standard input and output (LSP 3.17)."""

import json
import os
import subprocess
import threading
from contextlib import contextmanager
from queue import Queue

from .programs import READERS, missing, needed

_SCRIPT = READERS / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
_PATIENCE = 60  # seconds for an answer
_ABLE = {  # what this client can do, as most editors can
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown"]},
        "publishDiagnostics": {},
    },
    "workspace": {"configuration": True, "workspaceFolders": True},
}


class LanguageServer:
    """One for a folder. `schemas` are patterns of files by the schema's file, as `yaml.schemas` of VS Code has them."""

    def __init__(self, process, folder, schemas):
        self._process, self._folder = process, folder
        off = {"enable": False}  # nothing is asked of the network
        self._settings = {"yaml": {"schemas": schemas, "schemaStore": off, "kubernetesCRDStore": off}}
        self._answers, self._found, self._last, self._ending = Queue(), {}, 0, False
        self._changed, self._configured = threading.Condition(), threading.Event()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        root = folder.as_uri()
        folders = [{"uri": root, "name": folder.name}]
        self._ask("initialize", processId=None, rootUri=root, capabilities=_ABLE, workspaceFolders=folders)
        self._tell("initialized")
        assert self._configured.wait(_PATIENCE)

    def open(self, path, text):
        document = {"uri": self.address(path), "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", textDocument=document)

    def diagnostics(self, path):
        """Line, counted from 1, and message of each, once there are some or it is known that there are none."""
        address = self.address(path)
        with self._changed:
            assert self._changed.wait_for(lambda: address in self._found, _PATIENCE), path
            found = self._found[address]
        return sorted((one["range"]["start"]["line"] + 1, one["message"]) for one in found)

    def completions(self, path, line, column):
        """What is offered at a place, by what it is called."""
        offered = self._at("completion", path, line, column)
        return {one["label"]: one for one in (offered["items"] if isinstance(offered, dict) else offered or ())}

    def hover(self, path, line, column):
        shown = self._at("hover", path, line, column)
        return shown["contents"]["value"] if shown else ""

    def end(self):
        """Asks the server to end, answers it nothing more, and takes what it still sends."""
        self._ending = True
        self._ask("shutdown")
        self._tell("exit")
        self._listener.join(_PATIENCE)
        assert not self._listener.is_alive()

    def address(self, path):
        return (self._folder / path).as_uri()

    def _at(self, what, path, line, column):
        position = {"line": line - 1, "character": column - 1}
        return self._ask(f"textDocument/{what}", textDocument={"uri": self.address(path)}, position=position)

    def _ask(self, method, **params):
        self._last += 1
        self._send({"id": self._last, "method": method, "params": params})
        answer = self._answers.get(timeout=_PATIENCE)
        assert answer["id"] == self._last, answer
        assert "error" not in answer, answer
        return answer["result"]

    def _tell(self, method, **params):
        self._send({"method": method, "params": params})

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _listen(self):
        """Takes what the server sends until it ends: answers, questions of its own, diagnostics."""
        while header := self._process.stdout.readline():
            size = int(header.split(b":")[1])
            assert self._process.stdout.readline() == b"\r\n"
            message = json.loads(self._process.stdout.read(size))
            if "method" not in message:
                self._answers.put(message)
            elif "id" in message:
                if not self._ending:
                    self._send({"id": message["id"], "result": self._reply(message)})
            elif message["method"] == "textDocument/publishDiagnostics":
                with self._changed:
                    self._found[message["params"]["uri"]] = message["params"]["diagnostics"]
                    self._changed.notify_all()

    def _reply(self, question):
        if question["method"] == "workspace/configuration":
            self._configured.set()
            return [self._settings.get(item["section"]) for item in question["params"]["items"]]
        return None


@contextmanager
def language_server(folder, schemas):
    """A server in a bare environment, which ends with the block."""
    node = needed("node")
    if not _SCRIPT.exists():
        missing("yaml-language-server")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([node, _SCRIPT, "--stdio"], cwd=folder, env=environment, **pipes) as process:
        try:
            server = LanguageServer(process, folder, schemas)
            yield server
            server.end()
        finally:
            process.kill()
