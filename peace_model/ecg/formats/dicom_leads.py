"""Which lead a DICOM channel is: the codes of context group 3001 (ECG Leads), and texts where a channel has no code.

MDC writes lead n as "2:n", as 131072 + n or by its name; SCPECG, the scheme before it, as "5.6.3-9-n". The numbers are
those of ISO/IEEE 11073-10102. Source: DICOM PS3.16, CID 3001.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peace_model.ecg.formats.dicom_values import first_item, text
from peace_model.ecg.leads import canonical_lead

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_LEADS = {
    1: "I", 2: "II", 3: "V1", 4: "V2", 5: "V3", 6: "V4", 7: "V5", 8: "V6", 9: "V7", 11: "V3R", 12: "V4R", 13: "V5R",
    14: "V6R", 16: "Vx", 17: "Vy", 18: "Vz", 61: "III", 62: "aVR", 63: "aVL", 64: "aVF", 66: "V8", 67: "V9"}
_DERIVED = {31: "I", 32: "II", 33: "V1", 34: "V2", 35: "V3", 36: "V4", 37: "V5", 38: "V6",
            111: "III", 112: "aVR", 113: "aVL", 114: "aVF"}
"""Leads that the recorder computed from others."""
_CODE_OF = {lead: f"2:{number}" for number, lead in _LEADS.items()}
_MDC_BASE = 131072
_FRANK_TEXT = {"x": "Vx", "y": "Vy", "z": "Vz"}


@dataclass(frozen=True)
class ChannelName:
    """lead: None for a channel that is no known ECG lead. shown: the file's own words. contradicted: code and words
    name different leads."""

    lead: str | None
    shown: str
    derived: bool = False
    contradicted: bool = False


def channel_name(channel: "Dataset", number: int) -> ChannelName:
    """The lead of one item of the Channel Definition Sequence; `number` counts the channels from 1."""
    source = first_item(channel, "ChannelSourceSequence")
    meaning = text(source, "CodeMeaning") if source is not None else ""
    label = text(channel, "ChannelLabel")
    shown = (label or meaning or f"channel {number}")[:40]
    named = _lead_of_text(meaning) or _lead_of_text(label)
    code = None if source is None else _code_number(
        text(source, "CodeValue"), text(source, "CodingSchemeDesignator"))
    if not code:
        return ChannelName(named, shown)
    lead = _LEADS.get(code) or _DERIVED.get(code)
    return ChannelName(lead, shown, code in _DERIVED, contradicted=named is not None and lead != named)


def lead_code(lead: str) -> tuple[str, str, str]:
    """Code value, scheme and meaning of a lead for writing; MLII, which has no code of its own, as an unspecified lead.
    """
    if lead not in _CODE_OF:
        return "2:0", "MDC", "Unspecified lead"
    return _CODE_OF[lead], "MDC", f"Lead {lead[1].upper() if lead in _FRANK_TEXT.values() else lead}"


def _code_number(value: str, scheme: str) -> int | None:
    """The lead's number; 0 (an unspecified lead) and None (a code that is not known) leave it to the words."""
    folded = scheme.upper()
    if folded.startswith("SCPECG"):
        match = re.fullmatch(r"5\.6\.3-9-(\d{1,3})", value, re.ASCII)
        return int(match[1]) if match else None
    if not folded.startswith("MDC"):
        return None
    match = re.fullmatch(r"2:(\d{1,3})", value, re.ASCII)
    if match:
        return int(match[1])
    if re.fullmatch(r"\d{6}", value, re.ASCII):
        return int(value) - _MDC_BASE
    name = canonical_lead(value.upper().removeprefix("MDC_ECG_LEAD_"))
    return next((number for number, lead in _LEADS.items() if lead == name), None)


def _lead_of_text(words: str) -> str | None:
    """The lead in "Lead I (Einthoven)", "aVR, augmented voltage, right", "V1", "Lead X"."""
    name = re.split(r"[,(]", words)[0].strip()
    bare = name.casefold().removeprefix("lead ").strip()
    return canonical_lead(name) or (_FRANK_TEXT.get(bare) if name.casefold().startswith("lead ") else None)
