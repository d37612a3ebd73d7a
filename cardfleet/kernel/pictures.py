"""Pictures that others send, opened with care and drawn anew. Pure.

What comes out is the picture and nothing else: no place or time of the camera, no comment, no second file hidden
behind it. How many dots it has is read before any of them is drawn.
"""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 60_000_000
KINDS = ("JPEG", "PNG")
JPEG_QUALITY = 90


class NotAPicture(Exception):
    """The content is no JPEG or PNG that can be drawn, or has more dots than anybody needs."""


def opened(content: bytes) -> Image.Image:
    """Return the picture with all its dots. NotAPicture."""
    try:
        picture = Image.open(io.BytesIO(content), formats=KINDS)
        if picture.width * picture.height > MOST_PIXELS:
            raise NotAPicture
        picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPicture from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise NotAPicture from error
    return picture


def redrawn(content: bytes) -> bytes:
    """Return the same picture in the same format, upright and without anything beside it. NotAPicture."""
    picture = opened(content)
    kind = "PNG" if picture.format == "PNG" else "JPEG"
    upright = ImageOps.exif_transpose(picture)
    upright.info = {name: value for name, value in upright.info.items() if name == "transparency"}
    out = io.BytesIO()
    upright.save(out, kind, quality=JPEG_QUALITY)
    return out.getvalue()
