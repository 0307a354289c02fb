"""The Site written into a folder or a bucket, where any web server can serve it."""

from .disk import write
from .manifest import Change
from .names import file_name, planned

__all__ = ["Change", "file_name", "planned", "write"]
