"""The filters that an EDF file declares, from texts such as "HP:0.05Hz LP:150Hz N:50Hz"."""

import re
from collections.abc import Mapping

from peace_model.ecg.recording import DeclaredFilters

_PART = re.compile(
    r"\b(?P<kind>hp|lp|notch|n)\s*[:=]?\s*(?P<number>\d{1,5}(?:\.\d{1,6})?|\.\d{1,6})\s*(?:hz)?(?![\w.])",
    re.IGNORECASE | re.ASCII)
_SILENT = frozenset({"", "none", "hp:dc", "n/a"})


def declared_filters(prefilters: Mapping[str, str]) -> DeclaredFilters:
    """What the leads' prefilter texts say. Where leads differ, or a text is not understood, it is kept as words."""
    texts = dict.fromkeys(text.strip() for text in prefilters.values())
    if len(texts) > 1:
        return DeclaredFilters(other="; ".join(f"{lead}: {text.strip()}" for lead, text in prefilters.items()
                                               if text.strip()))
    text = next(iter(texts), "")
    if text.casefold() in _SILENT:
        return DeclaredFilters()
    found: dict[str, float] = {}
    for part in _PART.finditer(text):
        kind = "n" if part["kind"].casefold() == "notch" else part["kind"].casefold()
        if float(part["number"]) > 0:
            found.setdefault(kind, float(part["number"]))
    rest = " ".join(_PART.sub(" ", text).split())
    return DeclaredFilters(low_cut_hz=found.get("hp"), high_cut_hz=found.get("lp"), notch_hz=found.get("n"), other=rest)
