"""What goes into the installable folder and what stays out, as data the spec and the checks read."""

import fnmatch
import sys
from collections.abc import Iterable
from pathlib import Path

Entry = tuple[str, str, str]
"""As PyInstaller has them: name inside the folder, file it comes from, kind."""

MODULES_OUT = (
    # Training and development; the application must not reach them, and a folder with one of them is a mistake.
    "torch", "transformers", "sentence_transformers", "safetensors", "sklearn", "onnx", "onnxscript", "pytest",
    "hypothesis",
    # What wfdb would use to plot and to fetch from the network; it reads local files without.
    "matplotlib", "aiohttp", "requests", "urllib3", "certifi", "soundfile",
    # What reportlab would use for bitmaps, fsspec and pandas for other files; neither is asked for any.
    "PIL", "zstandard", "rl_renderPM", "lxml", "openpyxl", "pyarrow", "numba", "numexpr", "bottleneck", "jinja2",
    "IPython", "charset_normalizer", "chardet", "brotli", "fsspec.implementations.http", "distributed", "yaml",
    # Command lines of Python that no program needs, and with them readline's licence (GPL).
    "readline", "curses", "tkinter", "pdb", "pydoc_data", "idlelib", "lib2to3", "ensurepip", "pip", "setuptools",
    "wheel", "pkg_resources", "_distutils_hack",
    # Rooms of the libraries that are never entered.
    "pandas.tests", "numpy.f2py", "numpy.tests", "scipy.io.arff", "pyqtgraph.examples", "pyqtgraph.opengl",
    "pyqtgraph.jupyter", "pyqtgraph.flowchart", "pyqtgraph.console", "pyqtgraph.canvas", "pyqtgraph.dockarea",
    "ecgdatakit.plotting", "ecgdatakit.processing.nn", "onnxruntime.quantization", "onnxruntime.transformers",
    "onnxruntime.tools", "onnxruntime.datasets", "onnxruntime.backend",
    "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtQuickWidgets", "PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets",
    "PySide6.QtTest", "PySide6.QtSql", "PySide6.QtDesigner", "PySide6.QtUiTools", "PySide6.QtHelp",
    "PySide6.QtConcurrent", "PySide6.QtXml",
)
MODULES_IN = (
    # Found by name only: Alembic's operations, the migrations (which are files) and the encrypted library's driver.
    "logging.config", "alembic.ddl.sqlite", "sqlalchemy.dialects.sqlite.pysqlite", "sqlcipher3.dbapi2",
    "scipy.signal", "reportlab.pdfgen.canvas",
)
RESOURCES_OUT = ("ablation", "descriptors", "readme")
"""Rooms of resources/ that only training and the repository's pages read."""
QT_LANGUAGES = ("zh_CN", "en")

_UNWANTED = (
    # No networks, weights, tests or sources of libraries.
    "ecgdatakit/processing/nn/*", "*/tests/*", "*.pyi", "*.pxd", "*.h", "*/py.typed", "*.a", "*.lib",
    # Qt: platforms without a desktop, a network that is never asked, 3D, plugins of rooms that are left out.
    "PySide6/Qt*/plugins/platforms/libqeglfs*", "PySide6/Qt*/plugins/platforms/libqlinuxfb*",
    "PySide6/Qt*/plugins/platforms/libqvnc*", "PySide6/Qt*/plugins/platforms/libqvkkhrdisplay*",
    "PySide6/Qt*/plugins/platforms/libqminimal*", "*plugins/egldeviceintegrations/*", "*plugins/tls/*",
    "*plugins/networkinformation/*", "*plugins/generic/*", "*plugins/qmltooling/*", "*plugins/sqldrivers/*",
    "*plugins/imageformats/*qpdf*", "*plugins/imageformats/*webp*", "*plugins/imageformats/*tiff*",
    "*plugins/imageformats/*tga*", "*plugins/imageformats/*wbmp*", "*plugins/imageformats/*icns*",
    "*plugins/platformthemes/libqgtk3*", "*plugins/platforminputcontexts/*virtualkeyboard*",
    "*libQt6Eglfs*", "*libQt6EglFS*", "*libQt6Qml*", "*libQt6Quick*", "*libQt6VirtualKeyboard*", "*Qt6Qml*.dll",
    "*Qt6Quick*.dll", "*opengl32sw.dll", "*Qt6VirtualKeyboard*", "*libQt6Pdf*", "*Qt6Pdf*.dll",
)
SYSTEM_LIBRARIES = (
    # Linux: every desktop has these, in the version its other libraries and drivers were built for.
    "libglib-2.0.*", "libgobject-2.0.*", "libgio-2.0.*", "libgmodule-2.0.*", "libgthread-2.0.*", "libdbus-1.*",
    "libsystemd.*", "libfontconfig.*", "libfreetype.*", "libstdc++.*", "libgcc_s.*", "libX11*", "libxcb.*", "libXau.*",
    "libXdmcp.*", "libGL*", "libEGL*", "libdrm*", "libwayland-*", "libcups.*", "libgssapi*", "libkrb5*", "libk5crypto*",
    "libcom_err*", "libkeyutils*", "libgnutls*", "libavahi*", "libgcrypt*", "libgpg-error*", "libcap.*", "liblz4*",
    "libzstd*", "libselinux*", "libmount*", "libblkid*", "libpcre*", "libexpat.*", "libpng*", "libbrotli*", "libbsd*",
    "libmd.*", "libidn2*", "libunistring*", "libtasn1*", "libp11-kit*", "libhogweed*", "libnettle*", "libgmp*",
)


def resources(root: Path) -> list[tuple[str, str]]:
    """(file, folder inside) of resources/, as PyInstaller takes data."""
    found = []
    for file in sorted((root / "resources").rglob("*")):
        inside = file.relative_to(root)
        if file.is_file() and inside.parts[1] not in RESOURCES_OUT and file.suffix not in (".po", ".pot"):
            found.append((str(file), inside.parent.as_posix()))
    return found


def migrations(root: Path) -> list[tuple[str, str]]:
    """The library's migrations: Alembic runs them as files."""
    folder = root / "peace_desktop" / "library" / "migrations"
    return [(str(file), file.parent.relative_to(root).as_posix())
            for file in sorted(folder.rglob("*")) if file.suffix in (".py", ".mako")]


def is_wanted(name: str) -> bool:
    """Whether a file found by PyInstaller goes into the folder; name: its path inside."""
    path = name.replace("\\", "/")
    if any(fnmatch.fnmatchcase(path, pattern) for pattern in _UNWANTED):
        return False
    if "/translations/" in path and path.endswith(".qm"):
        stem = path.rsplit("/", 1)[1].removesuffix(".qm")
        return stem in {f"qtbase_{language}" for language in QT_LANGUAGES}
    return not (sys.platform == "linux" and "/" not in path
                and any(fnmatch.fnmatchcase(path, pattern) for pattern in SYSTEM_LIBRARIES))


def wanted(entries: Iterable[Entry]) -> list[Entry]:
    """What stays of a table of PyInstaller, in an order that does not change from one build to the next."""
    return sorted(entry for entry in entries if is_wanted(entry[0]))
