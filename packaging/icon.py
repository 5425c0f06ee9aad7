"""The application's icon in every size and container a desktop asks for, from one drawing.

    python packaging/icon.py --out FOLDER     peace-desktop-{16..512}.png, peace-desktop.ico, peace-desktop.icns
"""

import argparse
import os
import shutil
import struct
from collections.abc import Mapping
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

DRAWING = Path(__file__).resolve().parent.parent / "resources" / "icons" / "peace-desktop.svg"
SIZES_PX = (16, 24, 32, 48, 64, 128, 256, 512)
_ICO_PX = (16, 24, 32, 48, 64, 256)
_ICNS = {b"icp4": 16, b"icp5": 32, b"icp6": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512}


def drawn(size_px: int) -> bytes:
    """The icon as PNG."""
    image = QImage(size_px, size_px, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(DRAWING)).render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def as_ico(pictures: Mapping[int, bytes]) -> bytes:
    """Windows' container: a directory of 16 bytes a picture, then the PNGs (Windows Vista and later)."""
    start = 6 + 16 * len(_ICO_PX)
    entries, body = b"", b""
    for size_px in _ICO_PX:
        picture = pictures[size_px]
        entries += struct.pack("<BBBBHHII", size_px % 256, size_px % 256, 0, 0, 1, 32, len(picture), start + len(body))
        body += picture
    return struct.pack("<HHH", 0, 1, len(_ICO_PX)) + entries + body


def as_icns(pictures: Mapping[int, bytes]) -> bytes:
    """macOS' container: a kind of four letters, a length with its head, the PNG."""
    body = b"".join(kind + struct.pack(">I", 8 + len(pictures[size_px])) + pictures[size_px]
                    for kind, size_px in _ICNS.items())
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    folder: Path = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    QGuiApplication([])
    pictures = {size_px: drawn(size_px) for size_px in SIZES_PX}
    for size_px, picture in pictures.items():
        (folder / f"peace-desktop-{size_px}.png").write_bytes(picture)
    (folder / "peace-desktop.ico").write_bytes(as_ico(pictures))
    (folder / "peace-desktop.icns").write_bytes(as_icns(pictures))
    shutil.copyfile(DRAWING, folder / "peace-desktop.svg")


if __name__ == "__main__":
    main()
