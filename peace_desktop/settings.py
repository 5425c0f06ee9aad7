"""The settings: one frozen record and the one table from which the dialog and the INI file are made."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from peace_desktop.texts import mark

Value = str | float | bool


@dataclass(frozen=True)
class Settings:
    """What the reader chose. Defaults are those of a fresh installation."""

    language: str = "system"
    theme: str = "system"
    reader_name: str = ""
    lock_after_minutes: float = 15.0
    intended_use_accepted: bool = False
    library_folder: str = ""
    speed_mm_per_s: float = 25.0
    gain_mm_per_mv: float = 10.0
    half_standard: bool = False
    layout: str = "3x4+rhythm"
    filter: str = "off"
    map_method: str = "attention"
    map_opacity: float = 0.45
    paper: str = "A4"
    provider: str = "auto"
    bundle: str = ""
    pixels_per_mm_x: float = 0.0
    pixels_per_mm_y: float = 0.0


@dataclass(frozen=True)
class Setting:
    """One line of the table. choices: (value, words); empty for free text and for yes/no. shown: in the dialog.

    safe: holds in safe mode too, where everything else is as in a fresh installation.
    """

    key: str
    group: str
    text: str
    tip: str
    choices: tuple[tuple[Value, str], ...] = ()
    shown: bool = True
    safe: bool = False


_READER, _ECG, _MODEL, _LOOK = mark("Reader"), mark("ECG"), mark("Model"), mark("Appearance")
_LIBRARY = mark("Library")

SETTINGS: tuple[Setting, ...] = (
    Setting("reader_name", _READER, mark("Reader's name"), mark("Printed with every signed reading."), safe=True),
    Setting("lock_after_minutes", _READER, mark("Lock when idle"),
            mark("Covers the window after so long without a hand on it; only where readers have passphrases."),
            ((0.0, mark("Never")), (5.0, mark("5 minutes")), (10.0, mark("10 minutes")), (15.0, mark("15 minutes")),
             (30.0, mark("30 minutes")), (60.0, mark("60 minutes"))), safe=True),
    Setting("paper", _READER, mark("Report paper"), mark("Paper of the PDF report."),
            (("A4", "A4"), ("letter", mark("US Letter"))), safe=True),
    Setting("library_folder", _LIBRARY, mark("Folder"),
            mark("Where the library lives; another one is opened from the next start."), safe=True),
    Setting("layout", _ECG, mark("Layout"), mark("Arrangement of the leads when a recording is opened."),
            (("3x4+rhythm", mark("3×4 with rhythm strip")), ("3x5+rhythm", mark("3×5 with V3R, V4R, V7")),
             ("6x2", "6×2"), ("12x1", "12×1"), ("cabrera", mark("Cabrera")),
             ("overlay", mark("Leads over each other")))),
    Setting("speed_mm_per_s", _ECG, mark("Paper speed"), mark("Millimetres of paper a second."),
            ((12.5, "12.5 mm/s"), (25.0, "25 mm/s"), (50.0, "50 mm/s"))),
    Setting("gain_mm_per_mv", _ECG, mark("Gain"), mark("Millimetres of paper a millivolt."),
            ((5.0, "5 mm/mV"), (10.0, "10 mm/mV"), (20.0, "20 mm/mV"))),
    Setting("half_standard", _ECG, mark("Half-standard precordial leads"),
            mark("Draws the chest leads at half the gain; said on the paper and in print.")),
    Setting("filter", _ECG, mark("Filter"), mark("Concerns the picture only, never the measurements or the model."),
            (("off", mark("Off")), ("baseline", mark("Baseline 0.5 Hz")),
             ("mains50", mark("Notch 50 Hz")), ("mains60", mark("Notch 60 Hz")),
             ("lowpass40", mark("Low-pass 40 Hz")))),
    Setting("pixels_per_mm_x", _ECG, "", mark("Screen calibration across; 0 as the screen says."), shown=False),
    Setting("pixels_per_mm_y", _ECG, "", mark("Screen calibration down; 0 as the screen says."), shown=False),
    Setting("provider", _MODEL, mark("Processor"),
            mark("Where the model runs; the status bar says where it really runs."),
            (("auto", mark("Automatic")), ("cpu", "CPU"), ("cuda", "CUDA (NVIDIA)"), ("directml", "DirectML (Windows)"),
             ("coreml", "CoreML (macOS)"))),
    Setting("bundle", _MODEL, "", mark("The bundle that is asked; empty for the one that comes with the application."),
            shown=False),
    Setting("map_method", _MODEL, mark("Map"), mark("Map shown when a prediction is selected."),
            (("off", mark("Off")), ("gradcam", "Grad-CAM++"), ("attention", mark("Attention")),
             ("occlusion", mark("Occlusion")))),
    Setting("map_opacity", _MODEL, "", mark("Strength of the map behind the traces."), shown=False),
    Setting("theme", _LOOK, mark("Colours"), mark("Light, dark, or as the system."),
            (("system", mark("As the system")), ("light", mark("Light")), ("dark", mark("Dark")))),
    Setting("language", _LOOK, mark("Language"), mark("Used from the next start."),
            (("system", mark("As the system")), ("en", "English"), ("zh_CN", "简体中文")), safe=True),
    Setting("intended_use_accepted", _LOOK, "", mark("The notice of intended use was accepted."), shown=False,
            safe=True),
)

_DEFAULTS: Mapping[str, Value] = asdict(Settings())


def setting(key: str) -> Setting:
    """The table's line for a key. Raises KeyError for a key that is none."""
    for line in SETTINGS:
        if line.key == key:
            return line
    raise KeyError(key)


def parse(key: str, stored: object) -> Value:
    """A stored value as the setting's type; the default where the stored one is none of the choices or unreadable."""
    default = _DEFAULTS[key]
    value: Value
    if isinstance(default, bool):
        value = str(stored).strip().lower() in ("true", "1", "yes")
    elif isinstance(default, float):
        try:
            value = float(str(stored))
        except ValueError:
            return default
    else:
        value = str(stored)
    allowed = [choice for choice, _words in setting(key).choices]
    return value if not allowed or value in allowed else default


def for_safe_mode(settings: Settings) -> Settings:
    """Who reads, where and in which language; everything else as in a fresh installation."""
    return replace(Settings(), **{line.key: getattr(settings, line.key) for line in SETTINGS if line.safe})


def from_mapping(stored: Mapping[str, object]) -> Settings:
    """Settings from what an INI file held; unknown keys are ignored, missing ones keep their default."""
    known = {field.name for field in fields(Settings)}
    values: dict[str, Any] = {key: parse(key, value) for key, value in stored.items() if key in known}
    return replace(Settings(), **values)


def changed(settings: Settings, key: str, value: Value) -> Settings:
    """The settings with one value changed. Raises KeyError for a key that is none."""
    setting(key)
    values: dict[str, Any] = {key: parse(key, value)}
    return replace(settings, **values)
