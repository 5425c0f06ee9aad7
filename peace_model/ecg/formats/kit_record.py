"""The ecgdatakit package behind this project's judgement: it decodes, and fills in nothing.

The package takes a missing gain for 1, a missing sample size for 16 bits and a missing code for the rhythm, rounds
sampling rates to whole numbers, cuts off what is too long and repairs names that occur twice. Each format's reader
therefore looks at all of that itself before the package sees the file, and holds what comes back against it.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peace_model.ecg.formats.contract import mv_per_unit
from peace_model.ecg.formats.file_leads import FileLead
from peace_model.ecg.formats.library_warnings import library_warnings
from peace_model.ecg.recording import DeclaredFilters, GroupKind, RecordingError, SignalGroup
from peace_model.words import worded

if TYPE_CHECKING:
    from ecgdatakit import ECGRecord

_DECODING_ERRORS = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, OSError, RuntimeError,
                    MemoryError, SyntaxError, LookupError, AssertionError)


def decode(path: Path, title: str, parser: str) -> "ECGRecord":
    """The file as the package reads it. Raises RecordingError where it cannot, or is not installed.

    Its warnings are not shown: they name files and leads, and all they could say has been judged before.
    """
    parsers, own_error = _kit(path, title)
    with library_warnings("ignore"):
        try:
            record: ECGRecord = parsers[parser]().parse(path)
        except (own_error, *_DECODING_ERRORS) as error:
            raise RecordingError(
                path, "signals", worded("the file is damaged: as {title} it cannot be decoded", title=title),
                "export the recording again from its source") from error
    return record


def _kit(path: Path, title: str) -> tuple[dict[str, Any], type[Exception]]:
    """The package's parsers by this project's names, and the error of its own."""
    try:
        from ecgdatakit.exceptions import ECGDataKitError
        from ecgdatakit.parsing.parsers import ge_muse_xml, hl7_aecg, mortara_el250, scp_ecg, sierra_xml
    except ImportError as error:
        raise RecordingError(
            path, "format", worded("{title} is read through the extra 'formats', which is not installed", title=title),
            "install it: pip install 'peace-desktop[formats]'") from error
    return {"muse": ge_muse_xml.GEMuseXMLParser, "aecg": hl7_aecg.HL7aECGParser,
            "mortara": mortara_el250.MortaraEL250Parser, "scp": scp_ecg.SCPECGParser,
            "sierra": sierra_xml.SierraXMLParser}, ECGDataKitError


def file_leads(path: Path, record: "ECGRecord", expected: Sequence[tuple[str, int]],
               starts: Sequence[int] = ()) -> list[FileLead]:
    """The record's leads with their scale in mV, held against the labels and sample counts the file itself gives.

    expected: (label, number of samples) for each stored lead in the file's order; the labels are kept as written.
    """
    held = [len(lead.samples) for lead in record.leads]
    if held != [count for _label, count in expected]:
        raise RecordingError(path, "number of samples", "the leads decoded are not those the file declares",
                             "export the recording again from its source")
    return [_lead(path, label, lead, start) for (label, _count), lead, start in zip(
        expected, record.leads, starts or [0] * len(held), strict=True)]


def _lead(path: Path, label: str, lead: Any, start: int) -> FileLead:
    """A lead whose gain or unit the file lacks is refused: the package would hand on counts under a gain of 1."""
    millivolts = mv_per_unit(lead.resolution_unit)
    if millivolts is None or not lead.adc_resolution:
        raise RecordingError(
            path, worded("gain of lead {label}", label=label[:30]), "the file gives no voltage of one step",
            "export the recording again with its gain; a voltage cannot be guessed")
    return FileLead(label, lead.samples, lead.resolution * millivolts, lead.offset * millivolts, start)


def statements_of(record: "ECGRecord") -> tuple[str, ...]:
    """What machine and cart say of the ECG, each once: statement and reason, then the machine's own where edited."""
    lines = [f"{left.strip()} ({right.strip()})" if right.strip() else left.strip()
             for left, right in record.interpretation.statements]
    lines += record.annotations.get("machine_interpretation", "").split("\n")
    return tuple(dict.fromkeys(line for line in map(_folded, lines) if line))


def filters_of(record: "ECGRecord", other: Iterable[str] = ()) -> DeclaredFilters:
    filters = record.recording.acquisition.filters
    words = [*other, *(("artefact filter",) if filters.artifact_filter else ())]
    return DeclaredFilters(
        low_cut_hz=filters.highpass or None, high_cut_hz=filters.lowpass or None,
        notch_hz=filters.notch if filters.notch_active is not False and filters.notch else None,
        other=", ".join(words))


def median_group(record: "ECGRecord", name: str) -> tuple[SignalGroup, ...]:
    """The representative beat as a group that is shown and never chosen."""
    beats = record.median_beats
    if not beats:
        return ()
    return (SignalGroup(name, GroupKind.MEDIAN, tuple(beat.label for beat in beats), float(beats[0].sampling_rate),
                        len(beats[0].samples), chosen=False),)


def _folded(text: str) -> str:
    return " ".join(text.split())
