"""The answer to a request for access as one ZIP: a CSV a part, and a note that says what it is."""

import io
import zipfile
from collections.abc import Sequence

from cardfleet.kernel.spreadsheets import csv_chunks
from lifecycle.selectors.desk.kept import Part


def answer_zip(parts: Sequence[Part], *, note: str) -> bytes:
    """Return the archive; no names of people in its file names."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("说明.txt", "\ufeff" + note)
        for number, part in enumerate(parts, start=1):
            archive.writestr(f"{number:02}-{part.name}.csv", b"".join(csv_chunks(part.columns, part.rows)))
    return target.getvalue()
