"""Formats of carts, spoilt case by case: refused with the field and what to do, never read as something else."""

import base64
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import cart_files as carts
import numpy as np
import pytest

from peace_model.ecg.formats import xml_tree
from peace_model.ecg.formats.registry import find_recordings, read_recording
from peace_model.ecg.recording import RecordingError

Spoil = Callable[[str], str]


def swapped(old: str, new: str) -> Spoil:
    def spoil(text: str) -> str:
        assert old in text
        return text.replace(old, new)
    return spoil


def last_swapped(old: str, new: str) -> Spoil:
    """Only the last: in formats that write the median beat first, the rhythm's last lead."""
    def spoil(text: str) -> str:
        at = text.rindex(old)
        return text[:at] + new + text[at + len(old):]
    return spoil


def refused(folder: Path, content: str | bytes, name: str = "recording") -> RecordingError:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("latin-1"))
    with pytest.raises(RecordingError) as caught:
        read_recording(path)
    assert not [value for value in carts.TELLING if value in str(caught.value)]
    return caught.value


MUSE: dict[str, tuple[Spoil, str]] = {
    "no gain": (last_swapped("<LeadAmplitudeUnitsPerBit>4.88</LeadAmplitudeUnitsPerBit>", ""),
                "LeadAmplitudeUnitsPerBit"),
    "gain zero": (last_swapped("4.88<", "0<"), "LeadAmplitudeUnitsPerBit"),
    "gain in words": (last_swapped("4.88<", "nan<"), "LeadAmplitudeUnitsPerBit"),
    "no unit": (last_swapped("<LeadAmplitudeUnits>MICROVOLTS</LeadAmplitudeUnits>", ""), "LeadAmplitudeUnits of"),
    "unit no voltage": (last_swapped("MICROVOLTS", "MMHG"), "LeadAmplitudeUnits of"),
    "no rate": (swapped("<SampleBase>500</SampleBase>", ""), "SampleBase"),
    "rate zero": (swapped("<SampleBase>500", "<SampleBase>0"), "SampleBase"),
    "fewer leads than declared": (last_swapped("<NumberofLeads>8", "<NumberofLeads>9"), "NumberofLeads"),
    "no sample size": (lambda text: text.replace("<LeadSampleSize>2</LeadSampleSize>", "").replace(
        "<LeadByteCountTotal>2000</LeadByteCountTotal>", ""), "lead I"),
    "payload cut": (lambda text: text[:text.rindex("</WaveFormData>") - 400] + text[text.rindex("</WaveFormData>"):],
                    "WaveFormData"),
    "no base64": (last_swapped("</WaveFormData>", "!</WaveFormData>"), "WaveFormData"),
    "count differs": (last_swapped("<LeadSampleCountTotal>1000<", "<LeadSampleCountTotal>999<"), "WaveFormData"),
    "leads shifted": (last_swapped("<LeadTimeOffset>0<", "<LeadTimeOffset>4<"), "LeadTimeOffset"),
    "only the median": (swapped("<WaveformType>Rhythm", "<WaveformType>Median"), "Waveform"),
    "unnamed waveform": (swapped("<WaveformType>Median</WaveformType>", ""), "WaveformType"),
    "not continuous": (last_swapped("CONTINUOUS_SAMPLES", "AVERAGED"), "SampleType"),
    "lead twice": (swapped("<LeadID>V6<", "<LeadID>V5<"), "lead V5"),
}


@pytest.mark.parametrize("case", MUSE)
def test_muse(tmp_path: Path, case: str) -> None:
    spoil, field = MUSE[case]
    error = refused(tmp_path, spoil(carts.muse_xml()))
    assert field in error.field
    assert error.remedy


def test_muse_of_two_rhythms_opens_the_first_unless_the_second_is_longer(tmp_path: Path) -> None:
    short, long = carts.muse_xml(carts.digits(8, 600)), carts.muse_xml()
    rhythm_of = {text: text[text.rindex("<Waveform><WaveformType>"):text.rindex("</RestingECG>")]
                 for text in (short, long)}
    path = tmp_path / "two.xml"
    path.write_text(long.replace("</RestingECG>", rhythm_of[short] + "</RestingECG>"))
    recording = read_recording(path)
    assert recording.n_samples == 1000
    assert [finding.code for finding in recording.warnings] == ["groups_left_out"]
    assert [group.chosen for group in recording.source.groups] == [False, True, False]
    error = refused(tmp_path, short.replace("</RestingECG>", rhythm_of[long] + "</RestingECG>"))
    assert "longer" in error.problem


def test_muse_says_what_makes_its_samples_doubtful(tmp_path: Path) -> None:
    text = carts.muse_xml()
    at = text.rindex("<LeadDataCRC32>") + len("<LeadDataCRC32>")
    text = text[:at] + "1" + text[text.index("<", at):]
    text = last_swapped("<LeadOff>FALSE", "<LeadOff>TRUE")(text)
    text = last_swapped("<FirstSampleBaseline>0", "<FirstSampleBaseline>12")(text)
    path = tmp_path / "doubtful.xml"
    path.write_text(text)
    assert [(finding.code, finding.leads) for finding in read_recording(path).warnings] == [
        ("checksum_differs", ("V6",)), ("lead_off_declared", ("V6",)), ("offset_not_applied", ("V6",))]


@pytest.mark.parametrize(("birth", "recorded"), [("20-02-2020", "05-24-2020"), ("02-03-2020", "24-05-2020"),
                                                 ("20 Feb", "05-24-2020")])
def test_muse_dates_in_another_order_are_unknown_and_said_so(tmp_path: Path, birth: str, recorded: str) -> None:
    path = tmp_path / "dates.xml"
    path.write_text(carts.muse_xml().replace("02-20-2020", birth).replace("05-24-2020", recorded))
    recording = read_recording(path)
    assert "date_unreadable" in [finding.code for finding in recording.warnings]
    assert recording.age is not None
    assert recording.age.origin == "file header"


SIERRA: dict[str, tuple[Spoil, str]] = {
    "another maker's document": (swapped("PhilipsECG<", "MortaraECG<"), "document type"),
    "unknown version": (swapped("<documentversion>1.04<", "<documentversion>2.0<"), "document type"),
    "no gain": (lambda text: text.replace(' resolution="5"', "", 1).replace("<resolution>5</resolution>", ""),
                "resolution"),
    "samples of 12 bits": (swapped('"True" bitspersample="16"', '"True" bitspersample="12"'), "bitspersample"),
    "no rate": (lambda text: text.replace('samplespersecond="500" ', "").replace("<samplingrate>500<",
                                                                                "<samplingrate>fast<"), "samplingrate"),
    "a rate beyond numbers": (lambda text: text.replace('samplespersecond="500"', "").replace(
        "<samplingrate>500<", "<samplingrate>1e308<"), "samplingrate"),
    "two rates": (swapped("<samplingrate>500<", "<samplingrate>1000<"), "samplespersecond"),
    "two gains": (swapped("<resolution>5<", "<resolution>2.5<"), "resolution"),
    "a zero in words": (swapped('signaloffset="0"', 'signaloffset="none"'), "signaloffset"),
    "a sign nobody knows": (swapped('signalsigned="True"', 'signalsigned="maybe"'), "signalsigned"),
    "no length": (swapped('durationperchannel="2000"', ""), "durationperchannel"),
    "shorter than stored": (swapped('durationperchannel="2000"', 'durationperchannel="1998"'), "parsedwaveforms"),
    "more leads than named": (swapped('numberofleads="12"', 'numberofleads="20"'), "leadlabels"),
    "unknown compression": (swapped('compression="none"', 'compression="ZIP"'), "compression"),
    "unknown encoding": (swapped('<parsedwaveforms dataencoding="Base64"', '<parsedwaveforms dataencoding="Hex"'),
                         "dataencoding"),
    "two rhythms": (lambda text: text.replace("<repbeats ", text[text.index("<parsedwaveforms"):text.index(
        "<repbeats ")] + "<repbeats "), "parsedwaveforms"),
    "no waveform": (lambda text: text[:text.index("<waveforms>")] + "</restingecgdata>", "parsedwaveforms"),
}


@pytest.mark.parametrize("case", SIERRA)
def test_sierra(tmp_path: Path, case: str) -> None:
    spoil, field = SIERRA[case]
    assert refused(tmp_path, spoil(carts.sierra_xml())).field == field


def test_sierra_refuses_a_compressed_payload_that_is_longer_than_declared_or_grows_without_end(tmp_path: Path) -> None:
    text = carts.sierra_xml(xli=True)
    assert refused(tmp_path, text.replace('durationperchannel="2000"', 'durationperchannel="2002"')).field == (
        "parsedwaveforms")
    assert refused(tmp_path, text.replace('durationperchannel="2000"', 'durationperchannel="1900"')).field == (
        "parsedwaveforms")
    assert refused(tmp_path, text.replace("I II III aVR aVL aVF", "V1 II III aVR aVL aVF")).field == "leadlabels"
    grows = struct.pack("<iHh", 1001, 0, 0) + _ten_bits([0, *range(256, 1023), *[1022] * 32])
    begin = text.index(">", text.index("<parsedwaveforms")) + 1
    payload = base64.b64encode(grows.ljust(1009, b"\0") * 12).decode()
    assert refused(tmp_path, text[:begin] + payload + text[text.index("</parsedwaveforms>"):]).field == (
        "parsedwaveforms")


def _ten_bits(codes: list[int]) -> bytes:
    bits = "".join(f"{code:010b}" for code in codes)
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


AECG: dict[str, tuple[Spoil, str]] = {
    "no scale": (swapped('<scale value="2.5" unit="uV"/>', ""), "scale"),
    "scale without unit": (swapped('<scale value="2.5" unit="uV"/>', '<scale value="2.5"/>'), "scale"),
    "scale negative": (swapped('<scale value="2.5"', '<scale value="-2.5"'), "scale"),
    "origin of another unit": (swapped('<origin value="0" unit="uV"/>', '<origin value="7" unit="cm"/>'), "origin"),
    "no rate": (swapped('<increment value="0.002" unit="s"/>', ""), "increment"),
    "rate without unit": (swapped('unit="s"/>', '/>'), "increment"),
    "a step too short for numbers": (swapped('value="0.002" unit="s"', 'value="5e-324" unit="us"'), "increment"),
    "digits in words": (swapped("<digits>", "<digits>one "), "digits"),
    "no digits": (lambda text: text.replace(text[text.index("<digits>"):text.index("</digits>")], "<digits>"),
                  "digits"),
    "only a representative beat": (swapped('"RHYTHM"', '"REPRESENTATIVE_BEAT"'), "series"),
    "series of no known kind": (swapped('"RHYTHM"', '""'), "series"),
    "another kind of sequence": (swapped("SLIST_PQ", "GLIST_PQ"), "lead I"),
    "lead twice": (swapped("MDC_ECG_LEAD_V6", "MDC_ECG_LEAD_V5"), "lead V5"),
}


@pytest.mark.parametrize("case", AECG)
def test_aecg(tmp_path: Path, case: str) -> None:
    spoil, field = AECG[case]
    assert field in refused(tmp_path, spoil(carts.aecg_xml())).field


def test_aecg_names_what_it_leaves_out_and_keeps_exact_rates(tmp_path: Path) -> None:
    path = tmp_path / "vendor.xml"
    path.write_text(carts.aecg_xml().replace("MDC_ECG_LEAD_V6", "VENDOR_RESPIRATION").replace(
        'value="0.002"', 'value="0.003"'))
    recording = read_recording(path)
    assert recording.fs_hz == pytest.approx(1000 / 3, rel=1e-12)
    assert "V6" not in recording.leads
    assert [finding.code for finding in recording.warnings] == ["channels_left_out"]


MORTARA: dict[str, tuple[Spoil, str]] = {
    "no gain": (swapped('UNITS_PER_MV="200" ', ""), "UNITS_PER_MV"),
    "gain zero": (swapped('UNITS_PER_MV="200"', 'UNITS_PER_MV="0"'), "UNITS_PER_MV"),
    "no rate": (swapped('SAMPLE_FREQ="500" ', ""), "SAMPLE_FREQ"),
    "no length": (swapped('DURATION="1000" ', ""), "DURATION"),
    "length differs": (swapped('DURATION="1000"', 'DURATION="1001"'), "DATA"),
    "storage unsaid": (swapped('<CHANNEL OFFSET="0" BITS="16"', '<CHANNEL OFFSET="0"'), "BITS"),
    "no base64": (last_swapped('DATA="', 'DATA="*'), "DATA"),
    "no channels": (lambda text: text[:text.index("<CHANNEL")] + "</ECG>", "CHANNEL"),
    "two rates": (last_swapped('SAMPLE_FREQ="500"', 'SAMPLE_FREQ="250"'), "CHANNEL"),
}


@pytest.mark.parametrize("case", MORTARA)
def test_mortara(tmp_path: Path, case: str) -> None:
    spoil, field = MORTARA[case]
    assert field in refused(tmp_path, spoil(carts.mortara_xml())).field


CARDIOSOFT: dict[str, tuple[Spoil, str]] = {
    "no gain": (last_swapped('<Resolution units="uVperLsb">5</Resolution>', ""), "Resolution"),
    "gain of another unit": (swapped("uVperLsb", "nVperLsb"), "Resolution"),
    "no rate": (last_swapped('<SampleRate units="Hz">500</SampleRate>', ""), "SampleRate"),
    "no count": (last_swapped("<ChannelSampleCountTotal>1000</ChannelSampleCountTotal>", ""),
                 "ChannelSampleCountTotal"),
    "count differs": (swapped("<ChannelSampleCountTotal>1000<", "<ChannelSampleCountTotal>1001<"), "samples of lead"),
    "fewer leads than declared": (last_swapped("<NumberOfLeads>12", "<NumberOfLeads>8"), "NumberOfLeads"),
    "a decimal number": (last_swapped("\n</WaveformData>", ".5\n</WaveformData>"), "samples of lead"),
    "exercise test": (lambda text: text.replace("StripData", "FullDisclosure"), "StripData"),
}


@pytest.mark.parametrize("case", CARDIOSOFT)
def test_cardiosoft(tmp_path: Path, case: str) -> None:
    spoil, field = CARDIOSOFT[case]
    assert field in refused(tmp_path, spoil(carts.cardiosoft_xml())).field


SCHILLER: dict[str, tuple[Spoil, str]] = {
    "no gain": (swapped("<unitperbit>5</unitperbit>", ""), "yres"),
    "no unit": (swapped("<units>uV</units>", ""), "yres"),
    "no rate": (swapped("<value>500</value>", ""), "samplerate"),
    "an exponent nobody explains": (swapped("<exponent>1<", "<exponent>3<"), "samplerate"),
    "another storage": (swapped("COMMASEPARATE", "BINARY"), "datastype"),
    "count differs": (last_swapped("<samplecount>1000<", "<samplecount>900<"), "samples of lead"),
    "no samples declared": (last_swapped("<samplecount>1000<", "<samplecount>0<"), "samples of lead"),
    "a count in words": (last_swapped("<samplecount>1000<", "<samplecount>many<"), "samplecount"),
    "only averages": (swapped("ECG_RHYTHMS", "ECG_AVERAGES"), "wavedata"),
    "two rhythms": (swapped("ECG_AVERAGES", "ECG_RHYTHMS"), "wavedata"),
}


@pytest.mark.parametrize("case", SCHILLER)
def test_schiller(tmp_path: Path, case: str) -> None:
    spoil, field = SCHILLER[case]
    assert field in refused(tmp_path, spoil(carts.schiller_xml())).field


def scp_with(number: int, spoil: Callable[[bytes], bytes], huffman: bool = False) -> bytes:
    """The record with one section's content spoilt and its table of contents and checksums written anew."""
    raw = carts.scp_bytes(huffman=huffman)
    bodies = {}
    for at in range(22, 6 + struct.unpack_from("<I", raw, 10)[0], 10):
        section, length, index = struct.unpack_from("<HII", raw, at)
        if section:
            bodies[section] = raw[index + 15:index - 1 + length]
    bodies[number] = spoil(bodies[number])
    return carts.scp_record({section: body for section, body in bodies.items() if body})


SCP: dict[str, tuple[bytes, str]] = {
    "gain zero": (carts.scp_bytes(step_nv=0), "section 6"),
    "interval zero": (carts.scp_bytes(interval_us=0), "section 6"),
    "cut short": (carts.scp_bytes()[:-50], "record size"),
    "no lead definition": (scp_with(3, lambda _body: b""), "section 3"),
    "no rhythm": (scp_with(6, lambda _body: b""), "section 6"),
    "no leads": (scp_with(3, lambda body: b"\0" + body[1:]), "section 3"),
    "a lead that ends before it begins": (scp_with(3, lambda body: body[:2] + struct.pack("<II", 9, 3) + body[10:]),
                                          "section 3"),
    "more samples than bytes": (scp_with(3, lambda body: body[:2] + struct.pack("<II", 1, 4_000_000_000) + body[10:]),
                                "section 6"),
    "more samples than bits": (
        scp_with(3, lambda body: body[:2] + struct.pack("<II", 1, 4_000_000_000) + body[10:], huffman=True),
        "section 6"),
    "code that means nothing": (scp_with(6, lambda body: body[:22] + b"\xff" * (len(body) - 22), huffman=True),
                                "signals"),
    "lead twice": (carts.scp_bytes(labels=("I", "II", "V1", "V2", "V3", "V4", "V5", "V5")), "lead V5"),
    "leads far apart": (carts.scp_bytes(carts.digits(2), ("V1", "V2"), starts=(1, 100_000)), "lead definition"),
}


@pytest.mark.parametrize("case", SCP)
def test_scp(tmp_path: Path, case: str) -> None:
    content, field = SCP[case]
    assert refused(tmp_path, content, "recording.scp").field == field


def test_scp_says_that_a_checksum_does_not_fit(tmp_path: Path) -> None:
    raw = bytearray(carts.scp_bytes())
    raw[-3] ^= 1
    path = tmp_path / "changed.scp"
    path.write_bytes(raw)
    assert [finding.code for finding in read_recording(path).warnings] == ["checksum_differs"]


ISHNE: dict[str, tuple[bytes, str]] = {
    "no gain": (carts.ishne_bytes(step_nv=0), "amplitude resolution"),
    "gain negative": (carts.ishne_bytes(step_nv=-1), "amplitude resolution"),
    "cut inside a sample": (carts.ishne_bytes()[:-2], "length"),
    "header cut": (carts.ishne_bytes()[:300], "file"),
    "no rate": (carts.ishne_bytes()[:272] + b"\0\0" + carts.ishne_bytes()[274:], "sampling rate"),
    "no leads": (carts.ishne_bytes()[:156] + b"\0\0" + carts.ishne_bytes()[158:], "number of leads"),
    "samples elsewhere": (carts.ishne_bytes()[:22] + b"\0\1\0\0" + carts.ishne_bytes()[26:], "block offsets"),
    "leads without names": (carts.ishne_bytes(labels=("A", "B", "C")), "leads"),
}


@pytest.mark.parametrize("case", ISHNE)
def test_ishne(tmp_path: Path, case: str) -> None:
    content, field = ISHNE[case]
    assert refused(tmp_path, content, "recording.ecg").field == field


def test_ishne_says_that_it_holds_another_number_of_samples_than_its_header(tmp_path: Path) -> None:
    path = tmp_path / "cut.ecg"
    path.write_bytes(carts.ishne_bytes(declared=4000))
    recording = read_recording(path)
    assert recording.n_samples == 1000
    assert [finding.code for finding in recording.warnings] == ["length_differs"]
    path.write_bytes(carts.ishne_bytes(declared=3000))
    assert read_recording(path).warnings == (), "counted over all three leads"


MAKERS: dict[str, Callable[[], str]] = {
    "muse": carts.muse_xml, "sierra": carts.sierra_xml, "aecg": carts.aecg_xml, "mortara": carts.mortara_xml,
    "cardiosoft": carts.cardiosoft_xml, "schiller": carts.schiller_xml}


@pytest.mark.parametrize("name", MAKERS)
def test_entities_are_refused_before_anything_is_built_of_them(tmp_path: Path, name: str) -> None:
    text = MAKERS[name]()
    body = text[text.index("?>") + 2:].replace('<!DOCTYPE RestingECG SYSTEM "restecg.dtd">', "")
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{levels}]>{body}'
    path = tmp_path / "bomb.xml"
    path.write_text(bomb)
    assert [found.format for found in find_recordings([tmp_path])] == [name]
    assert "entities" in refused(tmp_path, bomb).problem
    outside = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{body}'
    assert "entities" in refused(tmp_path, outside).problem


@pytest.mark.parametrize("name", MAKERS)
def test_a_file_cut_short_is_no_well_formed_xml(tmp_path: Path, name: str) -> None:
    text = MAKERS[name]()
    assert refused(tmp_path, text[:len(text) // 2]).field == "XML"


@pytest.mark.parametrize("name", MAKERS)
def test_a_record_shorter_than_a_heartbeat_is_refused(tmp_path: Path, name: str) -> None:
    values = (carts.twelve_digits(400) if name in ("sierra", "cardiosoft") else carts.digits(8, 400))
    maker: Callable[..., str] = MAKERS[name]
    assert refused(tmp_path, maker(values)).field == "number of samples"


def test_other_xml_is_refused_by_the_name_of_its_first_element(tmp_path: Path) -> None:
    error = refused(tmp_path, '<?xml version="1.0"?><Invoice xmlns="urn:x"><Total>3</Total></Invoice>', "bill.xml")
    assert error.field == "root element"
    assert "<Invoice>" in error.problem
    assert "HL7 aECG" in error.remedy
    (tmp_path / "bill.xml").rename(tmp_path / "sub.xml")
    assert [found.path.name for found in find_recordings([tmp_path])] == []
    assert refused(tmp_path, "", "empty.xml").problem == "the file is empty"
    assert refused(tmp_path, "no XML at all", "letter.xml").field == "XML"


def test_xml_too_large_or_of_too_many_elements_is_weighed_before_it_is_taken_apart(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "elements" in refused(tmp_path, "<RestingECG>" + "<a/>" * 200_001 + "</RestingECG>").problem
    assert "elements" in refused(tmp_path, "<RestingECG " + 'a="" ' * 500_001 + "/>").problem
    monkeypatch.setattr(xml_tree, "MAX_XML_BYTES", 1000)
    assert "more than" in refused(tmp_path, carts.muse_xml()).problem


@pytest.mark.parametrize(("maker", "title"), [
    (carts.muse_xml, "GE MUSE XML"), (carts.sierra_xml, "Philips Sierra XML"), (carts.aecg_xml, "HL7 aECG"),
    (carts.mortara_xml, "Mortara ELI XML"), (carts.scp_bytes, "SCP-ECG")])
def test_a_missing_extra_is_named_with_the_format(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, maker: Callable[[], str | bytes], title: str) -> None:
    monkeypatch.setitem(sys.modules, "ecgdatakit.parsing.parsers", None)
    error = refused(tmp_path, maker())
    assert error.problem == f"{title} is read through the extra 'formats', which is not installed"
    assert "peace-desktop[formats]" in error.remedy


def test_formats_of_our_own_open_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ecgdatakit", None)
    for name, content in (("a.xml", carts.cardiosoft_xml()), ("b.xml", carts.schiller_xml())):
        (tmp_path / name).write_text(content)
        assert np.isfinite(read_recording(tmp_path / name).signal_mv).all()
    (tmp_path / "c.ecg").write_bytes(carts.ishne_bytes())
    assert read_recording(tmp_path / "c.ecg").leads[:3] == ("I", "II", "V1")
