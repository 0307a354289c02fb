"""`app` for any WSGI server: the site in this folder, or in the one that FEEDSITE_SITE names."""

import os
from pathlib import Path

from feedsite.serving.web import app_for_folder

os.environ.setdefault("FEEDSITE_SITE", str(Path(__file__).parent))
app = app_for_folder()
