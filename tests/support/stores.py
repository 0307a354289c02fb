"""Object stores to test with, on free ports of the loopback, each ended by its process ids."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote

from .programs import needed

KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
_HERE = "127.0.0.1"
_ALL = ["Admin", "Read", "Write", "List", "Tagging"]
_IDENTITIES = [
    {"name": "owner", "credentials": [{"accessKey": "key", "secretKey": "secret"}], "actions": _ALL},
    {"name": "guest", "credentials": [{"accessKey": "guest", "secretKey": "secret"}], "actions": ["Read", "List"]},
]


@dataclass(frozen=True, kw_only=True)
class Store:
    """A store that speaks S3; `volumes` are the processes of its volume servers."""

    port: int
    volumes: tuple[subprocess.Popen, ...] = ()

    @property
    def environment(self):
        return KEYS | {"AWS_ENDPOINT_URL": f"http://{_HERE}:{self.port}"}


@contextmanager
def seaweedfs(home: Path, replication: str = "000"):
    """master, three volume servers, filer and S3 gateway. At 001 each object lies on two volume servers of the rack."""
    weed = needed("weed")
    master, master_grpc, filer, filer_grpc, s3, s3_grpc, *volumes = _free_ports(12)
    identities = home / "identities.json"
    identities.write_text(json.dumps({"identities": _IDENTITIES}))
    at, leader = ("-ip", _HERE, "-ip.bind", _HERE), f"{_HERE}:{master}.{master_grpc}"
    quick = (
        "-volumeSizeLimitMB",
        "64",
        "-defaultReplication",
        replication,
        "-electionTimeout",
        "1s",
        "-telemetry=false",
    )
    commands = {"master": ["master", *at, *_on(master, master_grpc), "-peers", "none", *quick, "-mdir"]}
    for number in range(3):
        ports = _on(*volumes[2 * number : 2 * number + 2])
        rest = ("-master", leader, "-max", "20", "-preStopSeconds", "0")
        commands[f"volume{number}"] = ["volume", *at, *ports, *rest, "-dir"]
    rest = ("-master", leader, "-localSocket", home / "filer.sock")
    commands["filer"] = ["filer", *at, *_on(filer, filer_grpc), *rest, "-defaultStoreDir"]
    rest = ("-filer", f"{_HERE}:{filer}.{filer_grpc}", "-localSocket", home / "s3.sock", "-port.iceberg", 0)
    commands["s3"] = ["s3", "-ip.bind", _HERE, *_on(s3, s3_grpc), *rest, "-port.lance", 0, "-config", identities]
    processes = {}
    try:
        for name, words in commands.items():
            folder = home / name
            folder.mkdir()
            with (home / f"{name}.log").open("wb") as log:
                command = [weed, *map(str, words), *([] if name == "s3" else [folder])]
                processes[name] = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        _wait(lambda: _volumes(master) == 3 and _answers(s3), processes)
        yield Store(port=s3, volumes=tuple(processes[f"volume{number}"] for number in range(3)))
    finally:
        for process in processes.values():
            process.kill()
            process.wait()


@contextmanager
def moto(*buckets):
    """Amazon's S3 as its clients are tested with it."""
    (port,) = _free_ports(1)
    command = [needed("moto_server"), "-H", _HERE, "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(lambda: _answers(port), {"moto": process})
            for bucket in buckets:
                ask(port, "PUT", f"/{bucket}")
            yield Store(port=port)
        finally:
            process.kill()


@contextmanager
def before(store: Store, alter):
    """A store behind a proxy. `alter` sees each request's method, path and headers, which it may change, and gives a
    status and a body for what it answers itself, or None.
    """

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self):
            headers = dict(self.headers)
            body = self.rfile.read(int(headers.get("content-length", 0)))
            if own := alter(self.command, self.path, headers):
                status, told, answer = own[0], {"Content-Type": "application/xml"}, own[1]
            else:
                connection = HTTPConnection(_HERE, store.port)
                connection.request(self.command, self.path, body, headers)
                found = connection.getresponse()
                status, told, answer = found.status, dict(found.headers), found.read()
                connection.close()
            self.send_response(status)
            for name, value in told.items():
                if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_PUT = do_DELETE = _pass  # noqa: N815  # http.server's names

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer((_HERE, 0), Proxy)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Store(port=server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ask(port, method, path):
    """An answer of moto, which wants to be asked as by somebody in a region."""
    scope = "Credential=key/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
    request = urllib.request.Request(
        f"http://{_HERE}:{port}{quote(path)}", method=method, headers={"Authorization": f"AWS4-HMAC-SHA256 {scope}"}
    )
    return urllib.request.urlopen(request, timeout=10)


def _free_ports(count):
    sockets = [socket.create_server((_HERE, 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _on(port, grpc):
    return "-port", port, "-port.grpc", grpc


def _answers(port):
    try:
        socket.create_connection((_HERE, port), 1).close()
    except OSError:
        return False
    return True


def _volumes(master):
    """How many volume servers the master knows."""
    try:
        with urllib.request.urlopen(f"http://{_HERE}:{master}/dir/status", timeout=1) as answer:
            centers = json.load(answer)["Topology"].get("DataCenters") or []
    except (OSError, urllib.error.HTTPError):
        return 0
    return sum(len(rack["DataNodes"]) for center in centers for rack in center["Racks"])


def _wait(is_ready, processes, seconds=60):
    until = time.monotonic() + seconds
    while not is_ready():
        ended = [name for name, process in processes.items() if process.poll() is not None]
        assert not ended, f"{ended} ended at its start"
        assert time.monotonic() < until, "the store did not start"
        time.sleep(0.1)
