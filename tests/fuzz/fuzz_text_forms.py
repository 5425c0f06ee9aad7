"""Formats written as text, each with the places where it states gain, unit, rate, length, names and samples."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass

import cart_files
import numpy as np
from fuzz_case import Case, Meaning, Truth
from numpy.typing import NDArray

from peace_model.ecg.leads import canonical_lead

Digits = NDArray[np.int64]


@dataclass(frozen=True)
class TextForm:
    """One format. Patterns hold what they state in group 1 and are looked for from `begin` on, up to `end`.

    shared: gain, rate and count stand once, not at every lead. step_mv: of `gain` as it was written. unit: what the
    pattern's words mean in mV; none where the unit is fixed. per_mv: gain counts steps in a millivolt. seconds: `rate`
    states the time between samples. separator: of the samples as text, "" for base64. checksum: the payload has one.
    joined: one payload, and one list of names, for all leads. swaps: a text of the rhythm, another one in its place,
    and what that makes of the recording (see `swapped`).
    """

    name: str
    file: str
    text: Callable[[], str]
    begin: str
    gain: str
    rate: str
    label: str
    payload: str
    step_mv: float
    end: str = ""
    unit: str = ""
    units: tuple[tuple[str, float], ...] = ()
    count: str = ""
    counts_ms: bool = False
    shared_gain: bool = False
    shared_count: bool = False
    per_mv: bool = False
    seconds: bool = False
    separator: str = ""
    checksum: bool = False
    joined: bool = False
    swaps: tuple[tuple[str, str, str], ...] = ()


def _sierra() -> str:
    """With rate and gain beside the samples only: where they are said twice, one change is a contradiction."""
    return cart_files.sierra_xml().replace("<samplingrate>500</samplingrate><resolution>5</resolution>", "")


XML_FORMS = (
    TextForm("muse", "a.xml", cart_files.muse_xml, "<WaveformType>Rhythm", r"<LeadAmplitudeUnitsPerBit>([^<]*)<",
             r"<SampleBase>([^<]*)<", r"<LeadID>([^<]*)<", r"<WaveFormData>([^<]*)<", 0.00488,
             unit=r"<LeadAmplitudeUnits>([^<]*)<", units=(("MICROVOLTS", 1e-3), ("MILLIVOLTS", 1.0), ("uV", 1e-3)),
             count=r"<LeadSampleCountTotal>([^<]*)<", checksum=True, swaps=(
                 ("<SampleExponent>0<", "<SampleExponent>-1<", "rate 50"),
                 ("<SampleExponent>0<", "<SampleExponent>x<", ""),
                 ("<LeadSampleSize>2<", "<LeadSampleSize>4<", ""),
                 ("<LeadOff>FALSE<", "<LeadOff>TRUE<", "said lead_off_declared"),
                 ("<FirstSampleBaseline>0<", "<FirstSampleBaseline>99<", "said offset_not_applied"),
                 ("<LeadTimeOffset>0<", "<LeadTimeOffset>12<", ""), ("CONTINUOUS_SAMPLES", "DELTA", ""),
                 ("<NumberofLeads>8<", "<NumberofLeads>9<", ""))),
    TextForm("sierra", "a.xml", _sierra, "<parsedwaveforms", r'resolution="([^"]*)"',
             r'samplespersecond="([^"]*)"', r'leadlabels="([^"]*)"', r">([^<]*)<", 0.005, end="</parsedwaveforms",
             count=r'durationperchannel="([^"]*)"', counts_ms=True, shared_gain=True, shared_count=True, joined=True,
             swaps=(('signaloffset="0"', 'signaloffset="40"', "offset -0.2"),
                    ('signaloffset="0"', 'signaloffset="x"', ""),
                    ('bitspersample="16"', 'bitspersample="12"', ""), ('numberofleads="12"', 'numberofleads="11"', ""),
                    ('dataencoding="Base64"', 'dataencoding="Hex"', ""),
                    ('compression="none"', 'compression="XLI"', ""),
                    ('signalsigned="True"', 'signalsigned="maybe"', ""))),
    TextForm("aecg", "a.xml", cart_files.aecg_xml, "TIME_ABSOLUTE", r'<scale value="([^"]*)"',
             r'<increment value="([^"]*)"', r'_LEAD_([^"]*)"', r"<digits>([^<]*)<", 0.0025, end="</sequenceSet>",
             unit=r'<scale value="[^"]*" unit="([^"]*)"', units=(("uV", 1e-3), ("mV", 1.0), ("nV", 1e-6)), seconds=True,
             separator=" ", swaps=(
                 ('<origin value="0" unit="uV"', '<origin value="0.1" unit="mV"', "offset 0.1 first"),
                 ('<origin value="0"', '<origin value="x"', ""), ("SLIST_PQ", "SLIST_INT", ""),
                 ('<increment value="0.002" unit="s"', '<increment value="4" unit="ms"', "rate 250"),
                 ('<increment value="0.002" unit="s"', '<increment value="2" unit="min"', ""),
                 ('<increment value="0.002"', '<increment', ""))),
    TextForm("mortara", "a.xml", cart_files.mortara_xml, "<CHANNEL ", r'UNITS_PER_MV="([^"]*)"',
             r'SAMPLE_FREQ="([^"]*)"', r'NAME="([^"]*)"', r'DATA="([^"]*)"', 0.005, count=r'DURATION="([^"]*)"',
             per_mv=True, swaps=(
                 ('FORMAT="SIGNED"', 'FORMAT="UNSIGNED"', ""), ('BITS="16"', 'BITS="12"', ""),
                 ('ENCODING="BASE64"', 'ENCODING="HEX"', ""), ('OFFSET="0"', 'OFFSET="7"', "said offset_not_applied"))),
    TextForm("cardiosoft", "a.xml", cart_files.cardiosoft_xml, "<StripData>", r'uVperLsb">([^<]*)<',
             r'<SampleRate units="Hz">([^<]*)<', r'lead="([^"]*)"', r'lead="[^"]*">([^<]*)<', 0.005,
             unit=r'<Resolution units="([^"]*)"', count=r"<ChannelSampleCountTotal>([^<]*)<", shared_gain=True,
             shared_count=True, separator=",", swaps=(
                 ("<NumberOfLeads>12<", "<NumberOfLeads>11<", ""), ('units="Hz"', 'units="kHz"', ""))),
    TextForm("schiller", "a.xml", cart_files.schiller_xml, "ECG_RHYTHMS", r"<unitperbit>([^<]*)<",
             r"<samplerate><value>([^<]*)<", r"<name>([^<]*)<", r"<data>([^<]*)<", 0.005, end="</wavedata>",
             unit=r"<units>([^<]*)<", units=(("uV", 1e-3), ("mV", 1.0), ("V", 1e3)),
             count=r"<samplecount>([^<]*)<", shared_gain=True, separator=",", swaps=(
                 ("<exponent>1<", "<exponent>3<", ""), ("COMMASEPARATE", "BASE64", ""))))


class Text:
    """A format's text with its places, ready to be changed; `truth` follows what is changed."""

    def __init__(self, form: TextForm) -> None:
        self.form, self.text = form, form.text()
        self.labels = self._labels()
        self.digits = self._digits()
        self.steps_mv = np.full(len(self.digits), form.step_mv)
        self.fs_hz = 500.0

    def truth(self) -> Truth | None:
        leads = [canonical_lead(label) for label in self.labels]
        if len(set(leads)) < len(leads) or not all(leads) or len({len(row) for row in self.digits}) > 1:
            return None
        return Truth(self.fs_hz, tuple(map(str, leads)), np.array(self.digits) * self.steps_mv[:, None])

    def case(self, about: str, *, refused: bool = False, said: tuple[str, ...] = ()) -> Case:
        content = self.text.encode("latin-1" if "8859" in self.text[:60] else "utf-8", errors="xmlcharrefreplace")
        truth = None if refused else self.truth()
        return Case({self.form.file: content}, f"{self.form.name}: {about}", Meaning(truth, said))

    def places(self, pattern: str) -> list[tuple[int, int]]:
        begin = self.text.index(self.form.begin)
        end = self.text.index(self.form.end, begin) if self.form.end else len(self.text)
        return [found.span(1) for found in re.compile(pattern).finditer(self.text, begin, end + 1)]

    def put(self, pattern: str, value: str, lead: int | None = None) -> str:
        """Write a value at every place of a pattern, or at one lead's; returns what stood there."""
        places = self.places(pattern)
        chosen = places if lead is None else [places[min(lead, len(places) - 1)]]
        old = self.text[slice(*chosen[0])]
        for start, end in reversed(chosen):
            self.text = self.text[:start] + value + self.text[end:]
        return old

    def set_digits(self, lead: int, row: Digits) -> None:
        self.digits[lead] = row
        if self.form.joined:
            self.put(self.form.payload, _b64(np.concatenate(self.digits)))
        else:
            sep = self.form.separator
            self.put(self.form.payload, sep.join(map(str, row)) if sep else _b64(row), lead)

    def set_label(self, lead: int, label: str) -> None:
        self.labels[lead] = label
        if self.form.joined:
            tail = self.text[slice(*self.places(self.form.label)[0])].split()[len(self.labels):]
            self.put(self.form.label, " ".join([*self.labels, *tail]))
        else:
            self.put(self.form.label, label.upper() if self.form.name == "aecg" else label, lead)

    def _labels(self) -> list[str]:
        found = [self.text[start:end] for start, end in self.places(self.form.label)]
        return found[0].split()[:12] if self.form.joined else found

    def _digits(self) -> list[Digits]:
        texts = [self.text[start:end].strip() for start, end in self.places(self.form.payload)]
        if self.form.separator:
            return [np.array(text.split(self.form.separator), dtype=np.int64) for text in texts]
        rows = [np.frombuffer(base64.b64decode(text), dtype="<i2").astype(np.int64) for text in texts]
        return list(rows[0].reshape(len(self.labels), -1)) if self.form.joined else rows


def _b64(row: Digits) -> str:
    return base64.b64encode(row.astype("<i2").tobytes()).decode()
