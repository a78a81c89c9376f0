"""Files that people hand in: all of a form are checked before the first is kept.

So the bytes lie in the store before a transaction names them, and nothing is kept of a form that is refused.
"""

from collections.abc import Callable, Iterable

from werkzeug.datastructures import FileStorage

from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.store import Stored
from charlton_intranet.core.uploads import MAX_PICTURES, Upload, inspect_picture
from charlton_intranet.evidence.inspect import ARCHIVE_TYPES, inspect_evidence
from charlton_intranet.web import context

Taken = tuple[Upload, Stored]


def take_evidence(files: Iterable[FileStorage | None] | None, field: str) -> list[Taken]:
    """Pictures, PDF and web archives. Raises ``Invalid`` for ``field``."""
    return _keep(_checked(files, field, inspect_evidence))


def take_papers(files: Iterable[FileStorage | None] | None) -> list[Taken]:
    """Pictures and PDF of what somebody handed in. Raises ``Invalid`` for ``papers``."""
    uploads = _checked(files, "papers", inspect_evidence)
    if any(upload.media_type in ARCHIVE_TYPES for upload in uploads):
        raise Invalid({"papers": "Add pictures or a PDF of what they handed in."})
    return _keep(uploads)


def take_pictures(files: Iterable[FileStorage | None] | None, field: str = "screenshots") -> list[Taken]:
    """Pictures alone. Raises ``Invalid`` for ``field``."""
    return _keep(_checked(files, field, inspect_picture))


def take_picture(file: FileStorage | None, field: str = "screenshots") -> Taken | None:
    """The one picture of a form, if there is one. Raises ``Invalid`` for ``field``."""
    return next(iter(take_pictures([file], field)), None)


def _checked(files: Iterable[FileStorage | None] | None, field: str, inspect: Callable[..., Upload]) -> list[Upload]:
    chosen = [file for file in files or () if file]
    if len(chosen) > MAX_PICTURES:
        raise Invalid({field: f"Add at most {MAX_PICTURES} files at a time; more can be added later."})
    return [inspect(file.read(), file.filename or "", field=field) for file in chosen]


def _keep(uploads: Iterable[Upload]) -> list[Taken]:
    return [(upload, context.parts().store.put(upload.data)) for upload in uploads]
