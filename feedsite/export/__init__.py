"""The Site written where any web server can serve it: into a folder, or into a bucket."""

from .disk import write
from .manifest import Change
from .names import file_name, planned

__all__ = ["Change", "file_name", "planned", "write"]
