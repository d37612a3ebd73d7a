"""Copies of ID cards are shown only with who looks, when and what for written all over them (PIPL art. 28, 51).

The picture is drawn anew, smaller, with the words burnt in; the stored one never leaves. The words are plain Latin
(user name, time, purpose code), which every machine can draw without further fonts.
"""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from cardfleet.kernel.pictures import opened

LONGEST_SIDE = 1400
INK = (200, 30, 30, 110)
STEP = 5


def check_picture(content: bytes) -> None:
    """Refuse what cannot be drawn, whatever its name says. NotAPicture."""
    opened(content).close()


def marked(content: bytes, *, words: Sequence[str]) -> bytes:
    """Return the picture as JPEG, at most LONGEST_SIDE pixels long, with the words all over it. NotAPicture."""
    picture = opened(content).convert("RGBA")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    layer = Image.new("RGBA", picture.size, (255, 255, 255, 0))
    draw = ImageDraw.Draw(layer)
    height = max(picture.height // 24, 12)
    font = ImageFont.load_default(size=height)
    line = "   ".join(words)
    for row, top in enumerate(range(0, picture.height, height * STEP // 2)):
        for left in range(-row * height, picture.width, int(draw.textlength(line, font=font)) + height * STEP):
            draw.text((left, top), line, font=font, fill=INK)
    out = io.BytesIO()
    Image.alpha_composite(picture, layer).convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
