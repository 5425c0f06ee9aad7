"""One change of known meaning to a format written as text: a place is changed, what it then states is known."""

import random
from dataclasses import replace

import numpy as np
from fuzz_case import Case, Meaning, Truth
from fuzz_text_forms import Text, TextForm

from peace_model.ecg.leads import canonical_lead

_MV = {"uV": 1e-3, "mV": 1.0, "V": 1e3, "nV": 1e-6}
GAINS = ("1", "2.44", "10", "0.005", "1e2", "+3.5", "250.0", "7")
NO_GAINS = ("", "0", "0.0", "nan", "inf", "-inf", "1e999", "1e400", "abc", "0x10", "4,88", "1_0", "--5", "5 5", "1e",
            "\uff11\uff12", "None", "+")
RATES = ("250", "1000", "360", "999.5", "128", "1e3", "257.3")
NO_RATES = ("", "0", "-500", "nan", "inf", "1e308", "1e-300", "5", "1e9", "500;250", "x", "5_00")
NO_UNITS = ("", "mmHg", "counts", "%", "mV/s", "volts per bit", "LSB", "m", "µ", "uVolt?")
NAMES = ("III", "aVR", "aVL", "aVF", "V3R", "V7")
NO_NAMES = ("Foo", "ECG", "7", "Resp", "IV")


def change(form: TextForm, random_: random.Random) -> Case:
    """One change of known meaning."""
    text = Text(form)
    lead = random_.randrange(len(text.digits))
    kinds = [_gain, _no_gain, _rate, _no_rate, _swap, _twice, _no_name, _rename, _digits, _cut, _end]
    kinds += [_unit, _no_unit] if form.unit else []
    kinds += [_count] if form.count else []
    kinds += [_other] * 3 if form.swaps else []
    return random_.choice(kinds)(text, lead, random_)


def _gain(text: Text, lead: int, random_: random.Random) -> Case:
    form, value = text.form, random_.choice(GAINS)
    old = text.put(form.gain, value, None if form.shared_gain else lead)
    ratio = float(value) / float(old)
    text.steps_mv[slice(None) if form.shared_gain else slice(lead, lead + 1)] *= 1 / ratio if form.per_mv else ratio
    return text.case(f"gain {value} for {old}")


def _no_gain(text: Text, lead: int, random_: random.Random) -> Case:
    value = random_.choice(NO_GAINS)
    text.put(text.form.gain, value, lead)
    return text.case(f"gain {value!r}", refused=True)


def _unit(text: Text, lead: int, random_: random.Random) -> Case:
    if not text.form.units:
        return _no_unit(text, lead, random_)
    value, factor = random_.choice(text.form.units)
    old = text.put(text.form.unit, value, None if text.form.shared_gain else lead)
    ratio = factor / (_MV.get(old) or 1e-3)
    text.steps_mv[slice(None) if text.form.shared_gain else slice(lead, lead + 1)] *= ratio
    return text.case(f"unit {value}")


def _no_unit(text: Text, lead: int, random_: random.Random) -> Case:
    value = random_.choice(NO_UNITS)
    text.put(text.form.unit, value, lead)
    return text.case(f"unit {value!r}", refused=True)


def _rate(text: Text, _lead: int, random_: random.Random) -> Case:
    value = random_.choice(RATES)
    text.fs_hz = float(value)
    shown = repr(1 / float(value)) if text.form.seconds else value
    text.put(text.form.rate, shown)
    return text.case(f"rate {shown}")


def _no_rate(text: Text, lead: int, random_: random.Random) -> Case:
    value = random_.choice(NO_RATES)
    if text.form.seconds:  # Of the time between samples other numbers are no rate.
        value = {"5": "5", "1e9": "1e-9", "1e308": "1e300"}.get(value, value)
    text.put(text.form.rate, value, lead)
    return text.case(f"rate {value!r}", refused=True)


def _count(text: Text, lead: int, random_: random.Random) -> Case:
    value = str(random_.choice([0, -1, 1, 999, 1001, 500, 2000, 10**9, 2**31 - 1, 2**32, 2**64, 10**30, -2**31]))
    if text.form.counts_ms:
        value = value if value not in ("2000", "1999", "2001") else "4000"
    text.put(text.form.count, value, None if text.form.shared_count else lead)
    return text.case(f"{value} samples declared", refused=True)


def _swap(text: Text, lead: int, random_: random.Random) -> Case:
    other = random_.randrange(len(text.labels))
    one, two = text.labels[lead], text.labels[other]
    text.set_label(lead, two)
    text.set_label(other, one)
    return text.case(f"names {one} and {two} swapped")


def _twice(text: Text, lead: int, random_: random.Random) -> Case:
    other = random_.choice([row for row in range(len(text.labels)) if row != lead])
    text.set_label(lead, text.labels[other])
    return text.case(f"{text.labels[other]} twice", refused=True)


def _rename(text: Text, lead: int, random_: random.Random) -> Case:
    new = random_.choice([name for name in NAMES if name not in text.labels] or ["V9"])
    old, text.labels[lead] = text.labels[lead], new
    text.set_label(lead, new)
    return text.case(f"{new} for {old}")


def _no_name(text: Text, lead: int, random_: random.Random) -> Case:
    """A lead without a known name is left out and named, or the file refused."""
    truth, old, new = text.truth(), text.labels[lead], random_.choice(NO_NAMES)
    text.set_label(lead, new)
    changed = text.case(f"{new!r} for {old}")
    kept = truth.without(str(canonical_lead(old))) if truth else None
    return Case(changed.files, changed.about, Meaning(kept, ("channels_left_out",)))


def _digits(text: Text, lead: int, random_: random.Random) -> Case:
    row = text.digits[lead].copy()
    for _ in range(random_.randint(1, 20)):
        row[random_.randrange(len(row))] ^= 1 << random_.randrange(11)
    row = row.astype(np.int16).astype(np.int64)
    same = np.array_equal(row, text.digits[lead])
    text.set_digits(lead, row)
    said = ("checksum_differs",) if text.form.checksum and not same else ()
    return text.case("bits of samples turned over", said=said)


def _cut(text: Text, lead: int, random_: random.Random) -> Case:
    """A payload that ends early; of text without a count, one lead's alone."""
    row = text.digits[lead]
    text.set_digits(lead, row[:random_.randrange(1, len(row))])
    return text.case("payload cut", refused=True)


def _other(text: Text, _lead: int, random_: random.Random) -> Case:
    old, new, effect = random_.choice(text.form.swaps)
    at = text.text.index(old, text.text.index(text.form.begin) - 200)
    text.text = text.text[:at] + new + text.text[at + len(old):]
    meaning = swapped(text.truth(), effect)
    return replace(text.case(f"{new} for {old}"), meaning=meaning)


def swapped(truth: Truth | None, effect: str) -> Meaning:
    """What a swap makes of a recording: "" it must be refused, "rate HZ", "said CODE", and of all leads or of the first
    one "offset MV [first]", "times FACTOR [first]"."""
    word, *values = effect.split() or [""]
    if truth is None or not word:
        return Meaning()
    if word == "rate":
        return Meaning(replace(truth, fs_hz=float(values[0])))
    if word == "said":
        return Meaning(truth, (values[0],))
    signal_mv = truth.signal_mv.copy()
    rows = signal_mv[:1] if "first" in values else signal_mv
    rows[...] = rows + float(values[0]) if word == "offset" else rows * float(values[0])
    return Meaning(replace(truth, signal_mv=signal_mv))


def _end(text: Text, _lead: int, random_: random.Random) -> Case:
    whole = text.case("", refused=True)
    content = whole.files[text.form.file]
    cut = content[:random_.randrange(1, content.rindex(b">"))]
    return Case({text.form.file: cut}, f"{text.form.name}: file cut", Meaning())
