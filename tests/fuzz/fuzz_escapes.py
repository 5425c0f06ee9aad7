"""Files that try to leave their folder, to reach the network, to grow while they are read, or never to end."""

import random
from dataclasses import replace

from fuzz_case import OUTSIDE, Case, Meaning
from fuzz_text_forms import XML_FORMS

_BOMB = "<!DOCTYPE r [" + '<!ENTITY a0 "' + "A" * 100 + '">' + "".join(
    f'<!ENTITY a{level} "' + f"&a{level - 1};" * 20 + '">' for level in range(1, 9)) + "]>"
_LONG = '<!DOCTYPE r [<!ENTITY a0 "' + "A" * 100_000 + '">]>'
_FILE = '<!DOCTYPE r [<!ENTITY a8 SYSTEM "{target}">]>'
_PARAMETER = '<!DOCTYPE r [<!ENTITY % a SYSTEM "{target}"> %a; <!ENTITY a8 "1">]>'
_SUBSET = '<!DOCTYPE r SYSTEM "{target}">'
_TARGETS = ("file:///etc/passwd", "../outside/secret.dat", "/etc/hostname", "http://127.0.0.1:9/a.dtd",
            "ftp://127.0.0.1/a", "expect://id", "\\\\127.0.0.1\\share\\a")
_PATHS = ("../outside/secret.dat", "../outside/secret", "/etc/passwd", "C:\\secret.dat", "..\\outside\\secret.dat",
          "http://127.0.0.1:9/a.dat", "file:///etc/passwd", "s3://bucket/a.dat", "./../outside/secret.dat", "~/a.dat",
          "sub/../../outside/secret.dat", "a.dat::b", "-", "/dev/zero", "/proc/self/mem", "zip://a.zip", "~",
          "a.dat\0b")


def escape(whole: Case, random_: random.Random) -> Case | None:
    """A case that tries to get out; None for formats whose files name nothing else."""
    if whole.name.endswith(".hea"):
        return _of_record(whole, random_)
    return _of_xml(whole, random_) if whole.name.endswith(".xml") else None


def _of_record(whole: Case, random_: random.Random) -> Case:
    """A header that names a signal file elsewhere. The file is there, and as long as it must be."""
    header, signals = whole.files[whole.name], whole.files["a.dat"]
    outside = {"secret.dat": signals, "secret": signals}
    kind = random_.randrange(4)
    if kind == 0:
        return replace(whole, files={whole.name: header}, links={"a.dat": f"{OUTSIDE}/secret.dat"}, outside=outside,
                       about="wfdb: the signal file is a link that leads out of the folder", meaning=Meaning())
    if kind == 1:
        target = random_.choice(["a.dat", "/dev/zero", "a.hea"])
        return replace(whole, files={whole.name: header}, links={"a.dat": target},
                       about="wfdb: the signal file is a link to itself or a device", meaning=Meaning())
    path = random_.choice(_PATHS)
    if kind == 2:
        record = header.replace(b"a 4 ", path.encode() + b" 4 ", 1).replace(b"a 4 ", b"a/2 4 ", 1)
        record = random_.choice([record, header.replace(b"a 4 ", b"a/1 4 ", 1)])
        return replace(whole, files={**whole.files, whole.name: record}, outside=outside, meaning=None,
                       about=f"wfdb: record named {path!r}, or in segments")
    named = header.replace(b"a.dat", path.encode())
    return replace(whole, files={whole.name: named, "a.dat": signals}, outside=outside, meaning=Meaning(),
                   about=f"wfdb: signal file named {path!r}")


def _of_xml(whole: Case, random_: random.Random) -> Case:
    text = whole.files[whole.name].decode("latin-1")
    target = random_.choice(_TARGETS)
    head, begin = random_.choice([(_BOMB, "&a8;"), (_LONG, "&a0;" * 5000), (_FILE, "&a8;"), (_PARAMETER, "&a8;"),
                                  (_SUBSET, "")])
    prolog_end = text.index("?>") + 2
    body = text[prolog_end:].split("]>", 1)[-1] if "]>" in text[prolog_end:prolog_end + 500] else text[prolog_end:]
    if body.lstrip().startswith("<!DOCTYPE"):
        body = body.split(">", 1)[1]
    form = next(one for one in XML_FORMS if one.name == whole.about.split(":")[0])
    place = body.index("<", body.index(form.begin))
    as_text, as_attribute = body[:place] + begin + body[place:], body.replace('="', '="' + begin, 1)
    body = random_.choice([as_text, as_attribute])
    if random_.randrange(5) == 0:
        body = body.replace(">", f' xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{target}"/>', 1)
    content = text[:prolog_end] + head.replace("{target}", target) + body
    raw = content.encode(random_.choice(["latin-1", "latin-1", "utf-16", "utf-8"]))
    refused = Meaning() if begin else None
    return replace(whole, files={whole.name: raw}, about=f"{form.name}: entities or a document type from {target}",
                   meaning=refused, outside={"secret.dat": b"7"})
