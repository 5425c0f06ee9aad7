"""One change of known meaning to a format of bytes or objects, written anew with another value in one place."""

import random
from dataclasses import replace

from fuzz_case import Case, Meaning
from fuzz_number_forms import NumberForm, Stated
from fuzz_texts import swapped


def change(form: NumberForm, random_: random.Random) -> Case:
    """One change of known meaning."""
    stated = form.stated()
    lead = random_.randrange(len(stated.labels))
    kinds = [_rate, _no_rate, _swap, _twice, _rename, _no_name, _digits]
    kinds += [_gain, _no_gain] if form.gains else []
    kinds += [_cut] if form.cuts else []
    kinds += [_unit, _no_unit] if form.no_units else []
    kinds += [_count] if form.counts else []
    kinds += [_bit] if form.checksum else []
    kinds += [_other] * 3 if form.swaps else []
    made = random_.choice(kinds)(form, stated, lead, random_)
    return made if isinstance(made, Case) else form.case(made)


def _gain(form: NumberForm, stated: Stated, lead: int, random_: random.Random) -> Stated:
    gain = random_.choice(form.gains)
    if form.whole_gain:
        return replace(stated, gains=(gain,) * len(stated.gains), about=f"gain {gain}")
    said = ("negative_gain",) if gain < 0 else ()
    return replace(stated.with_one(lead, gain=gain), about=f"gain {gain}", said=said)


def _no_gain(form: NumberForm, stated: Stated, lead: int, random_: random.Random) -> Stated:
    gain = random_.choice(form.no_gains)
    return replace(stated.with_one(0 if form.whole_gain else lead, gain=gain), about=f"gain {gain}", refused=True)


def _unit(form: NumberForm, stated: Stated, lead: int, random_: random.Random) -> Stated:
    unit = random_.choice(form.units)
    return replace(stated.with_one(lead, unit=unit), about=f"unit {unit}")


def _no_unit(form: NumberForm, stated: Stated, lead: int, random_: random.Random) -> Stated:
    unit = random_.choice(form.no_units)
    return replace(stated.with_one(lead, unit=unit), about=f"unit {unit!r}", refused=True)


def _rate(form: NumberForm, stated: Stated, _lead: int, random_: random.Random) -> Stated:
    rate = random_.choice(form.rates)
    return replace(stated, fs_hz=rate, about=f"rate {rate}")


def _no_rate(form: NumberForm, stated: Stated, _lead: int, random_: random.Random) -> Stated:
    rate = random_.choice(form.no_rates)
    return replace(stated, fs_hz=rate, about=f"rate {rate}", refused=True)


def _count(_form: NumberForm, stated: Stated, _lead: int, random_: random.Random) -> Stated:
    count = random_.choice([0, 1, 999, 1001, 500, 2000, 65535, 10**6, 2**31 - 1])
    return replace(stated, more={"count": count}, about=f"{count} samples declared", said=("length_differs",))


def _swap(form: NumberForm, stated: Stated, lead: int, random_: random.Random) -> Stated:
    other = random_.randrange(len(stated.labels))
    swapped = stated.with_one(lead, label=stated.labels[other]).with_one(other, label=stated.labels[lead])
    return replace(swapped, about=f"names of leads {lead} and {other} swapped")


def _twice(form: NumberForm, stated: Stated, lead: int, random_: random.Random) -> Stated:
    other = random_.choice([row for row in range(len(stated.labels)) if row != lead])
    return replace(stated.with_one(lead, label=stated.labels[other]), about="a name twice", refused=True)


def _rename(form: NumberForm, stated: Stated, lead: int, random_: random.Random) -> Stated:
    name = random_.choice(form.names)
    return replace(stated.with_one(lead, label=name), about=f"{name} for {stated.labels[lead]}")


def _no_name(form: NumberForm, stated: Stated, lead: int, random_: random.Random) -> Stated:
    name = random_.choice(form.no_names)
    return replace(stated.with_one(lead, label=name), about=f"{name!r} for {stated.labels[lead]}",
                   said=("channels_left_out",))


def _digits(form: NumberForm, stated: Stated, _lead: int, random_: random.Random) -> Stated:
    digits = stated.digits.copy()
    for _ in range(random_.randint(1, 30)):
        digits[random_.randrange(len(digits)), random_.randrange(digits.shape[1])] ^= 1 << random_.randrange(form.full)
    return replace(stated, digits=digits, about="other samples")


def _cut(form: NumberForm, stated: Stated, _lead: int, random_: random.Random) -> Case:
    """A file that ends early. It may open where all that is told was read, or where it is said."""
    whole = form.case(stated)
    name = list(whole.files)[-1]
    content = whole.files[name]
    cut = content[:random_.randrange(len(content))]
    meaning = {"refused": Meaning(), "said": Meaning(None, ("length_differs",)), "same": whole.meaning}[form.cuts]
    return replace(whole.spoilt(cut, f"{form.name}: {name} cut to {len(cut)} bytes", name=name), meaning=meaning)


def _bit(form: NumberForm, stated: Stated, _lead: int, random_: random.Random) -> Case:
    """A bit turned over where a checksum stands guard."""
    whole = form.case(stated)
    name = list(whole.files)[-1]
    content = bytearray(whole.files[name])
    at = random_.randrange(10, 522) if form.name == "ishne" else random_.randrange(len(content))
    content[at] ^= 1 << random_.randrange(8)
    spoilt = whole.spoilt(bytes(content), f"{form.name}: a bit of byte {at} turned over", name=name)
    return replace(spoilt, meaning=Meaning(None, ("checksum_differs",)))


def _other(form: NumberForm, stated: Stated, _lead: int, random_: random.Random) -> Case:
    whole = form.case(stated)
    old, new, effect = random_.choice(form.swaps)
    content = whole.files[whole.name]
    assert old in content
    spoilt = whole.spoilt(content.replace(old, new, 1), f"{form.name}: {new!r} for {old!r}")
    return replace(spoilt, meaning=swapped(form.truth(stated), effect))
