"""What goes into the installable folder and what stays out, as data the spec and the checks read."""

import fnmatch
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
Entry = tuple[str, str, str]
"""As PyInstaller has them: name inside the folder, file it comes from, kind."""

MODULES_OUT = (
    # Training and development; the application must not reach them, and a folder with one of them is a mistake.
    "torch", "transformers", "sentence_transformers", "safetensors", "sklearn", "onnx", "onnxscript", "pytest",
    "hypothesis",
    # What wfdb would use to plot and to fetch from the network; it reads local files without.
    "matplotlib", "aiohttp", "requests", "urllib3", "certifi", "soundfile",
    # reportlab is not loaded without Pillow, and draws lines only: what decodes pictures and shows them goes.
    "PIL._avif", "PIL._imagingcms", "PIL._imagingft", "PIL._imagingmath", "PIL._imagingmorph", "PIL._imagingtk",
    "PIL._webp", "PIL.ImageTk", "PIL.ImageQt", "PIL.ImageShow", "rl_renderPM",
    # What fsspec, pandas, mako and others would use for files and texts that nobody gives them.
    "zstandard", "lxml", "openpyxl", "pyarrow", "numba", "numexpr", "bottleneck", "jinja2", "IPython", "pygments",
    "charset_normalizer", "chardet", "brotli", "distributed", "yaml", "yarl", "idna", "multidict", "propcache",
    "fsspec.implementations.http", "tomli",
    # Command lines of Python that no program needs, and with them readline's licence (GPL).
    "readline", "curses", "tkinter", "pdb", "pydoc_data", "idlelib", "lib2to3", "ensurepip", "pip", "setuptools",
    "wheel", "pkg_resources", "_distutils_hack",
    # Rooms of the libraries that are never entered.
    "pandas.tests", "numpy.tests", "pyqtgraph.examples", "pyqtgraph.opengl",
    "pyqtgraph.jupyter", "pyqtgraph.flowchart", "pyqtgraph.console", "pyqtgraph.canvas", "pyqtgraph.dockarea",
    "ecgdatakit.plotting", "ecgdatakit.processing.nn", "onnxruntime.quantization", "onnxruntime.transformers",
    "onnxruntime.tools", "onnxruntime.datasets", "onnxruntime.backend",
    "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtQuickWidgets",
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
WITH_DEBUG_DATA = ("libpython3*", "python3*/lib-dynload/*.so", "sqlcipher3/*.so", "sqlalchemy/**/*.so")
"""Linux: libraries that come with what a debugger wants, 40 MB in all; it is taken out of them."""

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
    "*libQt6EglF[sS]*", "*wayland-graphics-integration-server*", "*libQt6Qml*",
    "*libQt6Quick*", "*libQt6VirtualKeyboard*", "*Qt6Qml*.dll",
    "*Qt6Quick*.dll", "*opengl32sw.dll", "*Qt6VirtualKeyboard*", "*libQt6Pdf*", "*Qt6Pdf*.dll",
)
_SYSTEM_LIBRARIES_IN = (
    # Linux: what Python's own modules stand on, and the X11 helpers of Qt that a plain desktop may lack. All others
    # (glib, dbus, fontconfig, X11, GL) every desktop has, in the version its drivers and services were built for.
    "libcrypto.*", "libssl.*", "libsqlite3.*", "libffi.*", "libbz2.*", "liblzma.*", "libz.*", "libuuid.*", "libexpat.*",
    "libpython3*", "libxkbcommon*", "libxcb-*",
)


def resources(root: Path) -> list[tuple[str, str]]:
    """(file, folder inside) of resources/, as PyInstaller takes data."""
    found = []
    for file in sorted((root / "resources").rglob("*")):
        inside = file.relative_to(root)
        training = inside.parts[1] in RESOURCES_OUT or file.suffix in (".po", ".pot", ".safetensors")
        if file.is_file() and not training:
            found.append((str(file), inside.parent.as_posix()))
    return found


def migrations(root: Path) -> list[tuple[str, str]]:
    """The library's migrations: Alembic runs them as files."""
    folder = root / "peace_desktop" / "library" / "migrations"
    return [(str(file), file.parent.relative_to(root).as_posix())
            for file in sorted(folder.rglob("*")) if file.suffix in (".py", ".mako")]


def is_wanted(name: str, source: str) -> bool:
    """Whether a file goes into the folder; name: its path inside, source: where it comes from."""
    path = name.replace("\\", "/")
    if any(fnmatch.fnmatchcase(path, pattern) for pattern in _UNWANTED):
        return False
    if "/translations/" in path and path.endswith(".qm"):
        stem = path.rsplit("/", 1)[1].removesuffix(".qm")
        return stem in {f"qtbase_{language}" for language in QT_LANGUAGES}
    if sys.platform != "linux" or not _is_of_the_system(Path(source)):
        return True
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in _SYSTEM_LIBRARIES_IN)


def _is_of_the_system(source: Path) -> bool:
    """Neither of a package nor of Python; a link inside the folder has no source of its own."""
    return source.is_absolute() and "lib-dynload" not in source.parts and not any(
        source.is_relative_to(folder) for folder in (sys.prefix, ROOT))


def wanted(entries: Iterable[Entry]) -> list[Entry]:
    """What stays of a table of PyInstaller, in an order that does not change from one build to the next.

    Links to libraries that do not stay go with them.
    """
    staying = [entry for entry in entries if is_wanted(entry[0], entry[1])]
    names = {entry[0] for entry in staying}
    return sorted(entry for entry in staying if entry[2] != "SYMLINK" or entry[1] in names)
