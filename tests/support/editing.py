"""A file that is changed as commands change it."""

from feedsite.editing import changes
from feedsite.editing.save import original_of, save
from feedsite.errors import FeedsiteError


def write_id(folder, derived, settings):
    """Writes down the id of an article whose file names none; whether that was done."""
    try:
        original = original_of(folder, derived.source, settings)
        save(folder, original, changes.write_id(original, derived.id))
    except FeedsiteError:
        return False
    return True
