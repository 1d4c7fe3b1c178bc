"""Goldens for engine/ml/image: pictures that Pillow encoded, with the pixels it decodes and resizes.

usage: ml_images.py FOLDER   writes FOLDER/ml-images.json
"""
import base64
import io
import json
import sys
from pathlib import Path

import numpy as np
import PIL
from PIL import Image, ImageOps

folder = Path(sys.argv[1])
random = np.random.default_rng(4)
text = lambda data: base64.b64encode(bytes(data)).decode()


def scene(width, height):
    y, x = np.mgrid[0:height, 0:width]
    red = 127 + 120 * np.sin(x / 5.0)
    green = 255 * y / height
    blue = 255 * ((x - width / 2) ** 2 + (y - height / 2) ** 2 < (min(width, height) / 3) ** 2)
    noise = random.normal(0, 6, (height, width, 3))
    return Image.fromarray(np.clip(np.stack([red, green, blue], 2) + noise, 0, 255).astype(np.uint8))


def encoded(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


picture = scene(37, 29)
opaque = picture.convert("RGBA")
opaque.putalpha(Image.fromarray(np.tile(np.arange(37, dtype=np.uint8) * 6, (29, 1))))
grey16 = Image.fromarray((np.asarray(picture.convert("L")).astype(np.uint16) * 257))
files = {
    "png rgb": encoded(picture, "PNG"),
    "png grey": encoded(picture.convert("L"), "PNG"),
    "png opacity": encoded(opaque, "PNG"),
    "png palette": encoded(picture.quantize(14), "PNG"),
    "png bits": encoded(picture.convert("1"), "PNG"),
    "png 16 bits": encoded(grey16, "PNG"),
    "png grey opacity": encoded(opaque.convert("LA"), "PNG"),
    "jpeg 4:4:4": encoded(picture, "JPEG", quality=92, subsampling=0),
    "jpeg 4:2:0": encoded(picture, "JPEG", quality=85, subsampling=2),
    "jpeg 4:2:2": encoded(picture, "JPEG", quality=85, subsampling=1, restart_marker_blocks=2),
    "jpeg grey": encoded(picture.convert("L"), "JPEG", quality=75),
    "jpeg progressive": encoded(picture, "JPEG", quality=80, progressive=True, subsampling=2),
    "jpeg progressive grey": encoded(picture.convert("L"), "JPEG", quality=90, progressive=True),
}
turned = {}
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(picture.convert("L").resize((9, 6)), "JPEG", quality=95, exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    turned[orientation] = {"file": text(data), "size": list(upright.size), "pixels": text(np.asarray(upright).tobytes())}
cases = []
for name, data in files.items():
    image = Image.open(io.BytesIO(data))
    mode = {"LA": "RGBA", "P": "RGB", "1": "L", "I;16": "L", "I": "L"}.get(image.mode, image.mode)
    pixels = np.asarray(picture.convert("L")) if "16 bits" in name else np.asarray(image.convert(mode))
    cases.append({"name": name, "file": text(data), "width": 37, "height": 29, "pixels": text(pixels.tobytes())})
sizes = [(16, 12), (60, 50), (37, 10), (9, 40)]
resized = [
    {"width": w, "height": h, "pixels": text(np.asarray(picture.resize((w, h), Image.Resampling.BILINEAR)).tobytes())}
    for w, h in sizes
]
grey = text(np.asarray(picture.convert("L")).tobytes())
source = text(np.asarray(picture).tobytes())
out = {"peer": f"Pillow {PIL.__version__}", "cases": cases, "source": source, "grey": grey, "resized": resized, "turned": turned}
(folder / "ml-images.json").write_text(json.dumps(out))
