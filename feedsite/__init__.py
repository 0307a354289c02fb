"""feedsite: articles kept as YAML files, published as RSS, Atom and JSON feeds and as pages."""

__version__ = "0.1.0"
