"""The version resource of the Windows programs: what Explorer shows under Details.

    python packaging/windows/file_version.py VERSION FILE
"""

import sys
from pathlib import Path

_TEXT = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0x0, OS=0x40004, fileType=0x1,
                    subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      StringStruct('FileDescription', "PEACE Desktop: review of children's ECGs, research use only"),
      StringStruct('FileVersion', '{version}'),
      StringStruct('InternalName', 'peace-desktop'),
      StringStruct('LegalCopyright', 'Apache-2.0'),
      StringStruct('ProductName', 'PEACE Desktop'),
      StringStruct('ProductVersion', '{version}')])]),
    VarFileInfo([VarStruct('Translation', [1033, 1200])])
  ]
)
"""


def resource(version: str) -> str:
    """The text PyInstaller reads; a version of fewer than four numbers is filled up with zeros."""
    numbers = tuple(int(part) for part in (version.split(".") + ["0"] * 4)[:4])
    return _TEXT.format(version=version, numbers=numbers)


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(resource(sys.argv[1]), "utf-8")
