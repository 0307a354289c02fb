"""One request to a preview: status, headers and bytes. Nobody else's page may read them, and nobody keeps them."""

import ipaddress
import re
from collections.abc import Collection
from dataclasses import replace

from ..pictures.sizes import FOLDER as COPIES
from ..serving import policy
from ..serving.messages import Headers, Request, Response, has_query
from ..serving.respond import respond
from . import panel, todo
from .view import FOLDER, View

_HTML = "text/html; charset=utf-8"
# Fields of a public answer that say how its bytes are to be read. The others are for caches, and for other sites.
_KEPT = frozenset(("Accept-Ranges", "Allow", "Content-Range", "Content-Type", "Location"))
ALWAYS: Headers = (
    ("Cache-Control", "no-store"),
    ("X-Robots-Tag", "noindex"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    policy.NO_REFERRER,
    policy.NO_SNIFFING,
)
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^\s:\[\]/]+))(?::[0-9]*)?", re.ASCII)
_POLICY = "Content-Security-Policy"


def answer(view: View, request: Request) -> Response:
    """`request` has the path and the query as the client wrote them, decoded. Of its header fields few count here."""
    path = view.site.below(request.path)
    if request.method in ("GET", "HEAD") and path.startswith(FOLDER):
        response = _own(view, path)
    elif request.method in ("GET", "HEAD") and path == FOLDER.rstrip("/"):
        response = _leading(view, FOLDER)
    else:
        response = _of_site(view, request, path)
    if _is_html(response) and isinstance(response.body, bytes):
        body = panel.put_in(response.body, view, path, request.query, response.status)
        response = replace(response, body=body)
    headers = [field for field in response.headers if field[0] in _KEPT]
    length = ("Content-Length", str(len(response.body)))
    policies = _policies(response)
    response = replace(response, headers=(*headers, *policies, *ALWAYS, length), is_shared=False)
    return replace(response, body=b"") if request.method == "HEAD" else response


def version(view: View, address: str) -> str:
    """The version of the page at an address (a path, and perhaps a query), as it stands in that page; "" of none."""
    path, _, query = address.partition("?")
    response = answer(view, Request("GET", path, {"sec-fetch-dest": "document"}, query=query))
    return panel.version(response.body) if isinstance(response.body, bytes) else ""


def refused(status: int, sentence: str) -> Response:
    """For a request that sees nothing of the site."""
    body = f"{sentence}\n".encode()
    described = ("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))
    return Response(status, (*described, *ALWAYS), body)


def is_own_name(host: str, names: Collection[str], *, is_open: bool) -> bool:
    """Whether a Host field names this machine. Any other name could be one that an attacker's page has and that leads
    here now: then the browser would let that page read the drafts (DNS rebinding). An address cannot be
    such a name; those of networks count where the preview is open to them.
    """
    if not (found := _HOST.fullmatch(host.lower())):
        return False
    name = found[1] or found[2].removesuffix(".")
    if name == "localhost" or name.endswith(".localhost") or name in names:
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return is_open or address.is_loopback


def _own(view: View, path: str) -> Response:
    """What stands in the preview's own folder."""
    if path == FOLDER:
        return _page(200, todo.page(view))
    if path == panel.STYLE:
        return Response(200, (("Content-Type", "text/css; charset=utf-8"),), panel.style())
    source = path.removeprefix(FOLDER)
    if (place := todo.place(view, source)) is None:
        return _page(404, view.site.not_found.body)
    return _leading(view, place) if place != path else _unpublished(view, path)


def _of_site(view: View, request: Request, path: str) -> Response:
    """What the public server would answer at the moment that is shown; else an article that is not public."""
    if path.startswith(COPIES):
        view.site.prepare(path)
    headers = {"host": "localhost"} | {
        name: value for name, value in request.headers.items() if name in ("range", "sec-fetch-dest")
    }
    query = request.query if has_query(path) else ""
    if request.method in ("GET", "HEAD") and (one := view.unpublished_at(path)):
        if one.path != path:
            return _leading(view, one.path)
        with view.site.view():
            is_public = view.site.plan.at(path) is not None
        if not is_public:
            return _unpublished(view, path)
    method = "GET" if request.method == "HEAD" else request.method
    return respond(Request(method, path, headers, query=query), view.site, view.moment)


def _unpublished(view: View, path: str) -> Response:
    one = view.unpublished_at(path)
    if one is None:
        return _page(404, view.site.not_found.body)
    document = view.document(one)
    return _page(200, document.body if document else todo.unread(view, one))


def _leading(view: View, path: str) -> Response:
    location = view.settings.urls.href(path)
    return Response(302, (("Location", location), ("Content-Type", "text/plain; charset=utf-8")), b"")


def _page(status: int, body: bytes) -> Response:
    return Response(status, (("Content-Type", _HTML),), body)


def _is_html(response: Response) -> bool:
    return dict(response.headers).get("Content-Type") == _HTML and response.status not in (206, 304)


def _policies(response: Response) -> Headers:
    """The policy of a public page, and leave for the preview's one script."""
    former = dict(response.headers).get(_POLICY, "")
    if not _is_html(response):
        return ((_POLICY, former),) if former else ()
    own = " 'self'" if "script-src" in former else ""
    return ((_POLICY, f"{policy.PAGE_POLICY}'none'; script-src {panel.script_hash()}{own}"),)
