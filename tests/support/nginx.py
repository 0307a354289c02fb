"""nginx with a file of deploy/, as an operator runs it; and an answer as it comes over the wire."""

import http.client
import os
import pwd
import re
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path

from .programs import needed
from .waiting import until

DEPLOY = Path(__file__).parent.parent.parent / "deploy"


def get(port, path, method="GET", body=None, **headers):
    """An answer, whole. A header is written if_none_match=...; raw=((name, value), ...) are sent as they are."""
    raw = headers.pop("raw", ())
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in (*((name.replace("_", "-"), value) for name, value in headers.items()), *raw):
        connection.putheader(name, value)
    connection.endheaders(body)
    response = connection.getresponse()
    response.body = response.read()
    connection.close()
    return response


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def configured(folder, name, *changes):
    """A file of deploy/ in a folder, with its second machine, with other ports and places, and else as it is."""
    text = re.sub(r"^( *)#(?=[\w}]|    \.)", r"\1", (DEPLOY / name).read_text(), flags=re.MULTILINE)
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, str(after))
    (folder / name).write_text(text)
    return folder / name


def command(folder, site):
    """What runs nginx with a file for conf.d; all else that it writes lies in the folder."""
    around = folder / "nginx.conf"
    places = " ".join(f"{of}_temp_path {folder}/{of};" for of in "client_body proxy fastcgi uwsgi scgi".split())
    around.write_text(
        f"user {pwd.getpwuid(os.geteuid()).pw_name}; daemon off; pid {folder}/pid;"
        f"error_log {folder}/log; events {{}} http {{ access_log off; {places} include {site}; }}\n"
    )
    return [needed("nginx"), "-c", around]


@contextmanager
def running(folder, site, port):
    """Within it nginx answers at the port."""
    process = subprocess.Popen(command(folder, site))
    try:
        until(lambda: is_open(port), patience=20)
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)
