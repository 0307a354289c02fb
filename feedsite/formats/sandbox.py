"""Jinja for templates of a site's theme: they see what they are given and no more, and come to an end. The door to it
for templates that are not ours.

What they take is counted (bounds.py): a bound for slips, and none for one who means harm and may write templates.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from jinja2 import (
    BaseLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    meta,
    nodes,
)
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .bounds import (
    LONGEST,
    OPERATORS,
    STEPS,
    Endless,
    TooMuch,
    bounded,
    budget,
    costing,
    counted,
    counted_range,
    joined,
    parted,
    replaced,
    short,
    spend,
)

# Of Jinja's own filters, those that cost no more than what they are given is long.
FILTERS = frozenset(
    """abs attr batch capitalize d default dictsort e escape filesizeformat first float groupby int items join last
    length list lower map max min reject rejectattr replace reverse round safe select selectattr slice sort string
    striptags sum title trim truncate unique upper urlencode wordcount""".split()
)
_METHODS = frozenset(
    """capitalize casefold count endswith find index isalnum isalpha isascii isdecimal isdigit islower isnumeric isspace
    istitle isupper lower lstrip partition removeprefix removesuffix rfind rpartition rsplit rstrip split splitlines
    startswith strip swapcase title upper""".split()
)  # of texts


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of the templates in `sources`, by name. A theme's list.html finds ours as feedsite/list.html."""

    intercepted_binops = frozenset(("*", "**", "%", "+"))

    def __init__(self, sources: Mapping[str, tuple[str, str]], filters: Mapping[str, Callable[..., Any]]) -> None:
        """`sources` are texts with the names of their files."""
        super().__init__(
            loader=_Sources(sources),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        kept = {name: call for name, call in self.filters.items() if name in FILTERS}
        self.filters = {name: costing(call) for name, call in (kept | dict(filters)).items()}
        self.filters |= {"replace": replaced, "join": costing(joined(self.filters["join"]))}
        self.filters |= {name: parted(self.filters[name]) for name in ("batch", "slice")}
        self.filters |= {"_counted": counted, "_short": short}
        self.binop_table |= OPERATORS
        self.globals.clear()
        self.globals["range"] = counted_range

    def references(self, text: str, name: str, file: str) -> frozenset[str]:
        """The names of the templates that one refers to. Raises whatever Jinja does for a text that is none."""
        tree = self.parse(text, name, file)
        self.compile(text, name, file)
        return frozenset(found for found in meta.find_referenced_templates(tree) if found)

    def page(self, template: str, values: Mapping[str, Any]) -> str:
        with budget():
            return bounded(self.get_template(template).generate(**values))

    def macro(self, template: str, macro: str, values: Iterable[Any]) -> str | None:
        """What a macro of a template prints; None where there is none of the name."""
        with budget():
            found = getattr(self.get_template(template).make_module(), macro, None)
            return found and bounded([str(found(*values))])

    def call(self, context: Context, called: Any, /, *args: Any, **named: Any) -> Any:
        spend(1)
        if isinstance(called, LoopContext) and args:  # a recursive loop
            args = (counted(args[0]), *args[1:])
        return super().call(context, called, *args, **named)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        is_harmless = not isinstance(obj, str) or not callable(value) or attr in _METHODS
        return is_harmless and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """No text is formatted: a width alone could fill the memory (`is_safe_attribute` refuses it)."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Jinja's tree of the template, with each loop and each joined text counted."""
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = _filtered(loop.iter, "_counted")
        _bound(tree)
        tree.set_environment(self)
        return tree


class _Sources(BaseLoader):
    def __init__(self, sources: Mapping[str, tuple[str, str]]) -> None:
        self._sources = sources

    def get_source(self, environment: object, template: str) -> tuple[str, str, Callable[[], bool]]:  # noqa: ARG002  # Jinja's
        if not (found := self._sources.get(template)):
            raise TemplateNotFound(template)
        return *found, lambda: True


def _filtered(node: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(cast("nodes.Expr", node), name, [], [], None, None, lineno=node.lineno)


def _bound(node: nodes.Node) -> None:
    """Puts a bound on each text that is joined by ~ below this node."""
    for name, value in list(node.iter_fields()):
        if isinstance(value, nodes.Concat):
            _bound(value)
            setattr(node, name, _filtered(value, "_short"))
        elif isinstance(value, nodes.Node):
            _bound(value)
        elif isinstance(value, list):
            for place, each in enumerate(value):
                if isinstance(each, nodes.Node):
                    _bound(each)
                    if isinstance(each, nodes.Concat):
                        value[place] = _filtered(each, "_short")


def line_of(error: Exception) -> tuple[str, int] | None:
    """The template and the line at which one cannot be read; None for an error of drawing."""
    return (error.name or "", error.lineno) if isinstance(error, TemplateSyntaxError) else None


def words_of(error: Exception) -> str:
    """What is wrong with a template, for its editor."""
    if isinstance(error, Endless):
        return f"the page has no end: it takes more than {STEPS:,} steps or {LONGEST:,} letters"
    if isinstance(error, RecursionError):
        return "the template calls, includes or extends itself without end"
    if isinstance(error, TemplateNotFound):
        return f"there is no template of the name {error.name}"
    if isinstance(error, SecurityError | TooMuch):
        return f"a template may not do this: {str(error).rstrip('.')}"
    if isinstance(error, UndefinedError):
        return f"{str(error).rstrip('.')}; docs/theming.md lists what a template is given"
    if isinstance(error, TemplateError):
        return f"this cannot be read as a template: {str(error.message or error).rstrip('.')}"
    return f"it cannot be drawn: {type(error).__name__}: {error}"
