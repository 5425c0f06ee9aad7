"""Small recordings in the formats of carts, written by the tests themselves: valid ones, to be spoilt case by case.

Every maker takes digits, int16 (n_leads, n_samples), and writes one identity throughout, so that tests can look for it.
"""

import base64
import binascii
import struct

import numpy as np
from numpy.typing import NDArray

Digits = NDArray[np.int16]

EIGHT = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
TWELVE = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
PATIENT_ID = "MRN-7741902"
FIRST, LAST = "Marguerite", "Oyelaran"
STAFF = "Quillfeather"
HOSPITAL = "Saint Elmo Infirmary"
SERIAL = "SN55180273"
ORDER = "ORD-90013377"
COMMENT = "fell off a swing on the way here"
TELLING = (PATIENT_ID, FIRST, LAST, STAFF, HOSPITAL, SERIAL, ORDER, COMMENT)


def digits(n_leads: int = 8, n_samples: int = 1000, seed: int = 0) -> Digits:
    """Beats of a different height in every lead, on a little noise: no lead like another, the algebra of limb leads
    aside."""
    rng = np.random.default_rng(seed)
    at = np.arange(n_samples)
    beat = np.exp(-0.5 * ((at % 400 - 150) / 6.0) ** 2)
    heights = 60 + 40 * np.arange(n_leads)[:, None]
    return np.rint(heights * beat + rng.normal(0, 3, (n_leads, n_samples))).astype(np.int16)


def twelve_digits(n_samples: int = 1000) -> Digits:
    """Twelve leads whose limb leads are those of I and II."""
    eight = digits(8, n_samples).astype(np.int64)
    one, two = eight[:2]
    limb = [one, two, two - one, -(one + two) // 2, one - two // 2, two - one // 2]
    return np.array([*limb, *eight[2:]]).astype(np.int16)


def b64(values: NDArray[np.generic]) -> str:
    return base64.b64encode(np.ascontiguousarray(values).astype("<i2").tobytes()).decode()


def muse_xml(values: Digits | None = None, labels: tuple[str, ...] = EIGHT) -> str:
    """restecg.dtd: the median first, as MUSE writes it."""
    values = digits(len(labels)) if values is None else values

    def waveform(kind: str, part: Digits) -> str:
        leads = "".join(
            f"<LeadData><LeadByteCountTotal>{2 * len(row)}</LeadByteCountTotal><LeadTimeOffset>0</LeadTimeOffset>"
            f"<LeadSampleCountTotal>{len(row)}</LeadSampleCountTotal>"
            "<LeadAmplitudeUnitsPerBit>4.88</LeadAmplitudeUnitsPerBit>"
            f"<LeadAmplitudeUnits>MICROVOLTS</LeadAmplitudeUnits><LeadID>{label}</LeadID>"
            "<FirstSampleBaseline>0</FirstSampleBaseline><LeadSampleSize>2</LeadSampleSize><LeadOff>FALSE</LeadOff>"
            f"<LeadDataCRC32>{binascii.crc32(row.astype('<i2').tobytes())}</LeadDataCRC32>"
            f"<WaveFormData>{b64(row)}</WaveFormData></LeadData>" for label, row in zip(labels, part, strict=True))
        return (f"<Waveform><WaveformType>{kind}</WaveformType><NumberofLeads>{len(part)}</NumberofLeads>"
                "<SampleType>CONTINUOUS_SAMPLES</SampleType><SampleBase>500</SampleBase>"
                "<SampleExponent>0</SampleExponent><HighPassFilter>16</HighPassFilter><LowPassFilter>150</LowPassFilter>"
                f"<ACFilter>60</ACFilter>{leads}</Waveform>")

    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE RestingECG SYSTEM "restecg.dtd"><RestingECG>'
        "<MuseInfo><MuseVersion>9.0</MuseVersion></MuseInfo>"
        f"<PatientDemographics><PatientID>{PATIENT_ID}</PatientID><PatientAge>3</PatientAge><AgeUnits>MONTHS</AgeUnits>"
        f"<DateofBirth>02-20-2020</DateofBirth><Gender>FEMALE</Gender><PatientFirstName>{FIRST}</PatientFirstName>"
        f"<PatientLastName>{LAST}</PatientLastName></PatientDemographics>"
        f"<TestDemographics><DataType>RESTING</DataType><SiteName>{HOSPITAL}</SiteName>"
        "<AcquisitionDevice>MAC55</AcquisitionDevice><AcquisitionSoftwareVersion>010A</AcquisitionSoftwareVersion>"
        f"<CartNumber>{SERIAL}</CartNumber><AcquisitionTechLastName>{STAFF}</AcquisitionTechLastName>"
        "<AcquisitionTime>08:15:30</AcquisitionTime><AcquisitionDate>05-24-2020</AcquisitionDate></TestDemographics>"
        f"<Order><OrderNumber>{ORDER}</OrderNumber></Order><ExtraQuestions><ExtraQuestion><Question>WHY</Question>"
        f"<Answer>{COMMENT}</Answer></ExtraQuestion></ExtraQuestions>"
        "<Diagnosis><DiagnosisStatement><StmtFlag>ENDSLINE</StmtFlag><StmtText>Sinus rhythm</StmtText>"
        "</DiagnosisStatement></Diagnosis>"
        f"{waveform('Median', values[:, :300])}{waveform('Rhythm', values)}</RestingECG>")


def sierra_xml(values: Digits | None = None, *, xli: bool = False) -> str:
    """Version 1.04, plain base64 or compressed."""
    values = twelve_digits() if values is None else values
    n_leads, n_samples = values.shape
    payload = base64.b64encode(b"".join(map(_xli_chunk, _residuals(values)))).decode() if xli else b64(values.ravel())
    return (
        '<?xml version="1.0" encoding="UTF-8"?><restingecgdata xmlns="http://www3.medical.philips.com">'
        "<documentinfo><documentname>a.xml</documentname><documenttype>PhilipsECG</documenttype>"
        "<documentversion>1.04</documentversion></documentinfo>"
        f"<userdefines><userdefine><label>FIN#</label><value>{COMMENT}</value></userdefine></userdefines>"
        f"<orderinfo><ordernumber>{ORDER}</ordernumber></orderinfo>"
        f'<dataacquisition date="2020-05-24" time="08:15:30"><machine machineid="{SERIAL}" '
        'detaildescription="Philips Medical Products:860315:A.01">PageWriter Touch</machine>'
        f'<acquirer><operator id="{STAFF}"/><institutionname>{HOSPITAL}</institutionname></acquirer>'
        "<signalcharacteristics><samplingrate>500</samplingrate><resolution>5</resolution>"
        "<acquisitiontype>STD-12</acquisitiontype><bitspersample>16</bitspersample><signaloffset>0</signaloffset>"
        "<signalsigned>True</signalsigned><numberchannelsallocated>12</numberchannelsallocated>"
        "</signalcharacteristics></dataacquisition>"
        f"<patient><generalpatientdata><patientid>{PATIENT_ID}</patientid><name><lastname>{LAST}</lastname>"
        f"<firstname>{FIRST}</firstname></name><age defaultage='50'><months>3</months></age><sex>Female</sex>"
        "</generalpatientdata></patient>"
        '<interpretations><interpretation date="2020-05-24" time="08:15:30"><statement>'
        "<leftstatement>SINUS RHYTHM</leftstatement><rightstatement>normal P axis</rightstatement></statement>"
        "</interpretation></interpretations>"
        f'<waveforms><parsedwaveforms dataencoding="Base64" compression="{"XLI" if xli else "none"}" '
        f'numberofleads="{n_leads}" leadlabels="{" ".join(TWELVE)} V7 V8" durationperchannel="{2 * n_samples}" '
        'samplespersecond="500" resolution="5" signaloffset="0" signalsigned="True" bitspersample="16" hipass="0.05" '
        f'lowpass="150" notchfiltered="False">{payload}</parsedwaveforms>'
        '<repbeats dataencoding="Base64" samplespersec="500" resolution="2.5"><repbeat leadname="I">'
        f'<waveform duration="600">{b64(values[0, :300])}</waveform></repbeat></repbeats></waveforms></restingecgdata>')


def _residuals(values: Digits) -> list[NDArray[np.int64]]:
    """What is stored of the limb leads: how far each strays from what I and II make of it."""
    one, two, three, right, left, foot, *chest = values.astype(np.int64)
    return [one, two, two - one - three, -right - (one + two) // 2, (one - three) // 2 - left,
            (two + three) // 2 - foot, *chest]


def _xli_chunk(row: NDArray[np.int64]) -> bytes:
    """One lead as second differences, high bytes before low bytes, in ten-bit codes that each stand for one byte."""
    bends = 2 * row[1:-1] - row[:-2] - row[2:]
    codes = np.concatenate([row[:2], bends[1:] + 64, [64]]).astype(np.int16)
    raw = codes.view(np.uint16)
    body = np.concatenate([(raw >> 8).astype(np.uint16), raw & 0xFF])
    bits = ((body[:, None] >> np.arange(9, -1, -1)) & 1).astype(np.uint8).ravel()
    packed = np.packbits(bits).tobytes()
    return struct.pack("<iHh", len(packed), 0, int(bends[0])) + packed


def aecg_xml(values: Digits | None = None, labels: tuple[str, ...] = EIGHT) -> str:
    values = digits(len(labels)) if values is None else values

    def sequences(clock: str, part: Digits) -> str:
        leads = "".join(
            f'<component><sequence><code code="MDC_ECG_LEAD_{label.upper()}"/><value xsi:type="SLIST_PQ">'
            f'<origin value="0" unit="uV"/><scale value="2.5" unit="uV"/><digits>{" ".join(map(str, row))}</digits>'
            "</value></sequence></component>" for label, row in zip(labels, part, strict=True))
        return (f'<component><sequenceSet><component><sequence><code code="{clock}"/><value xsi:type="GLIST_TS">'
                '<head value="20200524081530"/><increment value="0.002" unit="s"/></value></sequence></component>'
                f"{leads}</sequenceSet></component>")

    return (
        '<?xml version="1.0" encoding="UTF-8"?><AnnotatedECG xmlns="urn:hl7-org:v3" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'<id root="61d1a24f-b47e-41aa-ae95-f8ac302f4eeb" extension="{ORDER}"/><effectiveTime>'
        '<low value="20200524081530"/></effectiveTime><componentOf><timepointEvent><componentOf><subjectAssignment>'
        f'<subject><trialSubject><id root="1.2.3" extension="{PATIENT_ID}"/><subjectDemographicPerson><name>'
        f"<given>{FIRST}</given><family>{LAST}</family></name>"
        '<administrativeGenderCode code="F"/><birthTime value="20200224"/></subjectDemographicPerson></trialSubject>'
        "</subject><componentOf><clinicalTrial><location><trialSite><location>"
        f"<name>{HOSPITAL}</name></location></trialSite></location></clinicalTrial></componentOf></subjectAssignment>"
        "</componentOf></timepointEvent></componentOf>"
        f"<pertainsTo><subjectFindingComment><text>{COMMENT}</text></subjectFindingComment></pertainsTo>"
        '<component><series><code code="RHYTHM"/><author><seriesAuthor><manufacturedSeriesDevice>'
        f'<id root="1.3" extension="{SERIAL}"/><manufacturerModelName>ELI250</manufacturerModelName>'
        "<softwareName>5.3</softwareName></manufacturedSeriesDevice><manufacturerOrganization><name>Mortara</name>"
        "</manufacturerOrganization></seriesAuthor></author><secondaryPerformer><seriesPerformer><assignedPerson>"
        f"<name>{STAFF}</name></assignedPerson></seriesPerformer></secondaryPerformer>"
        f'{sequences("TIME_ABSOLUTE", values)}<derivation><derivedSeries><code code="REPRESENTATIVE_BEAT"/>'
        f'{sequences("TIME_RELATIVE", values[:, :300])}</derivedSeries></derivation></series></component>'
        "</AnnotatedECG>")


def mortara_xml(values: Digits | None = None, labels: tuple[str, ...] = EIGHT) -> str:
    values = digits(len(labels)) if values is None else values
    channels = "".join(
        f'<CHANNEL OFFSET="0" BITS="16" FORMAT="SIGNED" UNITS_PER_MV="200" DURATION="{len(row)}" SAMPLE_FREQ="500" '
        f'NAME="{label}" ENCODING="BASE64" DATA="{b64(row)}"/>' for label, row in zip(labels, values, strict=True))
    return (
        '<?xml version="1.0" encoding="utf-8"?><!-- Generated by Mortara ELI Link -->'
        f'<ECG ACQUISITION_TIME="20200524081530" AGE="3" AGE_UNITS="MONTHS" COMMENT="{COMMENT}" TECHNICIAN="{STAFF}">'
        f'<SUBJECT LAST_NAME="{LAST}" FIRST_NAME="{FIRST}" ID="{PATIENT_ID}" GENDER="Female" DOB="20200220" '
        f'ADMISSION_NUMBER="{ORDER}"/><SOURCE MANUFACTURER="Mortara" MODEL="ELI 280" '
        f'ACQUIRING_DEVICE_SERIAL_NUMBER="{SERIAL}" ACQUIRING_DEVICE_SITE_NAME="{HOSPITAL}" LOW_PASS_FILTER="150"/>'
        '<AUTOMATIC_INTERPRETATION><STATEMENT TEXT="Sinus rhythm" REASON="P axis"/></AUTOMATIC_INTERPRETATION>'
        '<TYPICAL_CYCLE BITS="16" FORMAT="SIGNED" ENCODING="BASE64" UNITS_PER_MV="400" SAMPLE_FREQ="1000">'
        f'<TYPICAL_CYCLE_CHANNEL NAME="I" DATA="{b64(values[0, :300])}"/></TYPICAL_CYCLE>{channels}</ECG>')


def cardiosoft_xml(values: Digits | None = None, labels: tuple[str, ...] = TWELVE) -> str:
    values = twelve_digits() if values is None else values

    def leads(part: Digits) -> str:
        return "".join(f'<WaveformData lead="{label}">\n\t\t{",".join(map(str, row))}\n</WaveformData>'
                       for label, row in zip(labels, part, strict=True))

    return (
        '<?xml version="1.0" encoding="ISO8859-1" ?><CardiologyXML><ObservationType>RestECG</ObservationType>'
        "<ObservationDateTime><Hour>8</Hour><Minute>15</Minute><Second>30</Second><Day>24</Day><Month>5</Month>"
        f"<Year>2020</Year></ObservationDateTime><ClinicalInfo><Technician><FamilyName>{STAFF}</FamilyName></Technician>"
        f"<ObservationComment>{COMMENT}</ObservationComment><DeviceInfo><Desc>CardioSoft</Desc><SoftwareVer>6.73"
        f"</SoftwareVer><SerialNumber>{SERIAL}</SerialNumber></DeviceInfo></ClinicalInfo>"
        f"<PatientVisit><ServicingFacility><Name>{HOSPITAL}</Name></ServicingFacility>"
        f"<OrderNumber>{ORDER}</OrderNumber></PatientVisit>"
        f"<PatientInfo><PID>{PATIENT_ID}</PID><Name><FamilyName>{LAST}</FamilyName>"
        f"<GivenName>{FIRST}</GivenName></Name><Age units=\"Months\">3</Age><BirthDateTime><Day>20</Day>"
        "<Month>2</Month><Year>2020</Year></BirthDateTime><Gender>FEMALE</Gender></PatientInfo>"
        "<FilterSetting><CubicSpline>No</CubicSpline><Filter50Hz>Yes</Filter50Hz><Filter60Hz>No</Filter60Hz>"
        '<LowPass units="Hz">150</LowPass><HighPass units="Hz">0.01</HighPass></FilterSetting>'
        "<Interpretation><Diagnosis><DiagnosisText>Sinus rhythm</DiagnosisText></Diagnosis></Interpretation>"
        '<RestingECGMeasurements><MedianSamples><NumberOfLeads>12</NumberOfLeads>'
        '<SampleRate units="Hz">500</SampleRate>'
        '<ChannelSampleCountTotal>300</ChannelSampleCountTotal><Resolution units="uVperLsb">5</Resolution>'
        f"{leads(values[:, :300])}</MedianSamples></RestingECGMeasurements>"
        f'<StripData><NumberOfLeads>{len(values)}</NumberOfLeads><SampleRate units="Hz">500</SampleRate>'
        f"<ChannelSampleCountTotal>{values.shape[1]}</ChannelSampleCountTotal>"
        f'<Resolution units="uVperLsb">5</Resolution>{leads(values)}</StripData></CardiologyXML>')


def schiller_xml(values: Digits | None = None, labels: tuple[str, ...] = EIGHT) -> str:
    values = digits(len(labels)) if values is None else values

    def wave(kind: str, part: Digits) -> str:
        channels = "".join(
            f"<channel><name>{label}</name><samplecount>{len(row)}</samplecount><datastype>COMMASEPARATE</datastype>"
            f"<data>{','.join(map(str, row))}</data></channel>" for label, row in zip(labels, part, strict=True))
        return (f"<wavedata><type>{kind}</type><resolution><samplerate><value>500</value><exponent>1</exponent>"
                f"</samplerate><yres><unitperbit>5</unitperbit><units>uV</units></yres></resolution>{channels}</wavedata>")

    root = "com.xiriuz.sema.xml.schillerEDI.SchillerEDI"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{root}><patdata><id>{PATIENT_ID}</id><lastname>{LAST}</lastname>'
        f"<firstname>{FIRST}</firstname><birthdate>20200224</birthdate><gender>FEMALE</gender></patdata>"
        "<examdescript><startdatetime><date>20200524</date><time>081530</time></startdatetime>"
        f"<job_id>{ORDER}</job_id><comment>{COMMENT}</comment><idu><aquiring_user><name>{STAFF}</name></aquiring_user>"
        f"<aquiring_institute><name>{HOSPITAL}</name></aquiring_institute></idu><aquiringdevice><hardware>"
        f"<vendor>Schiller</vendor><model>AT-102</model><serial>{SERIAL}</serial></hardware><software>"
        "<version>1.7</version></software></aquiringdevice></examdescript>"
        f"<eventdata><event>{wave('ECG_AVERAGES', values[:, :300])}{wave('ECG_RHYTHMS', values)}<textdata>"
        "<type>INTERPRETATION</type><textdata>Sinus rhythm</textdata></textdata></event></eventdata>"
        f"</{root}>")


_ISHNE_CODES = {"I": 5, "II": 6, "III": 7, "aVR": 8, "aVL": 9, "aVF": 10, "V1": 11, "V2": 12, "V3": 13, "V4": 14,
                "V5": 15, "V6": 16, "X": 2, "Y": 3, "Z": 4}


def ishne_bytes(values: Digits | None = None, labels: tuple[str, ...] = ("I", "II", "V1"), *, step_nv: int = 5000,
                declared: int | None = None) -> bytes:
    values = digits(len(labels)) if values is None else values
    comment = COMMENT.encode()

    def row(values: list[int]) -> bytes:
        return struct.pack("<12h", *values, *[-9] * (12 - len(values)))

    fixed = struct.pack(
        "<iiiih40s40s20shh3h3h3h3hh", len(comment), values.shape[1] if declared is None else declared, 522,
        522 + len(comment), 1, FIRST.encode(), LAST.encode(), PATIENT_ID.encode(), 2, 0, 20, 2, 2020,
        24, 5, 2020, 24, 5, 2020, 8, 15, 30, len(labels))
    for numbers in ([_ISHNE_CODES.get(label, 0) for label in labels], [1] * len(labels), [step_nv] * len(labels)):
        fixed += row(numbers)
    fixed += struct.pack("<h40sh80s80s88s", 0, f"Recorder {SERIAL}".encode(), 200, f"{STAFF} {ORDER}".encode(),
                         HOSPITAL.encode(), b"")
    checked = fixed + comment
    checksum = struct.pack("<H", binascii.crc_hqx(checked, 0xFFFF))
    return b"ISHNE1.0" + checksum + checked + values.T.astype("<i2").tobytes()


_SCP_CODES = {"I": 1, "II": 2, **{f"V{n}": 2 + n for n in range(1, 7)}, "III": 61, "aVR": 62, "aVL": 63, "aVF": 64,
              "X": 16, "Y": 17, "Z": 18}


def scp_bytes(values: Digits | None = None, labels: tuple[str, ...] = EIGHT, *, huffman: bool = False,
              starts: tuple[int, ...] | None = None, step_nv: int = 2500, interval_us: int = 2000,
              tags: dict[int, bytes] | None = None) -> bytes:
    """Plain samples, or second differences under the standard's own Huffman code."""
    values = digits(len(labels)) if values is None else values
    starts = starts or (1,) * len(labels)
    device = struct.pack("<HHHBB6sBBBB", 0, 0, 77, 0, 255, b"ELI2", 20, 0xA0, 0, 0x80).ljust(36, b"\0")
    person = {0: LAST.encode() + b"\0", 1: FIRST.encode() + b"\0", 2: PATIENT_ID.encode() + b"\0",
              4: struct.pack("<HB", 3, 2), 5: struct.pack("<HBB", 2020, 2, 20), 8: b"\x02",
              14: device + b"\0" + SERIAL.encode() + b"\0v1\0\0Mortara\0", 16: HOSPITAL.encode() + b"\0",
              22: STAFF.encode() + b"\0", 25: struct.pack("<HBB", 2020, 5, 24), 26: bytes((8, 15, 30)),
              27: struct.pack("<H", 5), 28: struct.pack("<H", 150), 30: COMMENT.encode() + b"\0",
              31: ORDER.encode() + b"\0", **(tags or {})}
    section_1 = b"".join(struct.pack("<BH", tag, len(value)) + value for tag, value in person.items()) + b"\xff\0\0"
    section_3 = bytes((len(labels), len(labels) << 3 & 0xFF)) + b"".join(
        struct.pack("<IIB", start, start + len(row) - 1, _SCP_CODES.get(label, 0))
        for label, row, start in zip(labels, values, starts, strict=True))
    payloads = [_huffman(row) if huffman else row.astype("<i2").tobytes() for row in values]
    section_6 = struct.pack("<HHBB", step_nv, interval_us, 2 if huffman else 0, 0)
    section_6 += struct.pack(f"<{len(labels)}H", *map(len, payloads)) + b"".join(payloads)
    bodies = {1: section_1, **({2: struct.pack("<H", 19999)} if huffman else {}), 3: section_3, 6: section_6}
    return scp_record(bodies)


def scp_record(bodies: dict[int, bytes]) -> bytes:
    """Sections behind their table of contents, with checksums."""
    padded = {number: body + b"\0" * (len(body) % 2) for number, body in bodies.items()}
    contents_bytes = 16 + 10 * (1 + len(padded))
    at = 6 + contents_bytes + 1
    contents = struct.pack("<HII", 0, contents_bytes, 7)
    sections = b""
    for number, body in padded.items():
        section = _scp_section(number, body)
        contents += struct.pack("<HII", number, len(section), at)
        at += len(section)
        sections += section
    whole = _scp_section(0, contents, reserved=b"SCPECG") + sections
    sized = struct.pack("<I", 6 + len(whole)) + whole
    return struct.pack("<H", binascii.crc_hqx(sized, 0xFFFF)) + sized


def _scp_section(number: int, body: bytes, reserved: bytes = b"\0" * 6) -> bytes:
    checked = struct.pack("<HIBB6s", number, 16 + len(body), 20, 20, reserved) + body
    return struct.pack("<H", binascii.crc_hqx(checked, 0xFFFF)) + checked


def _huffman(row: NDArray[np.int16]) -> bytes:
    """Second differences: 0, then ones and a sign for 1 to 8, else ten bits and the value in eight or sixteen."""
    wide = row.astype(np.int64)
    differences = np.concatenate([wide[:2], wide[2:] - 2 * wide[1:-1] + wide[:-2]]).tolist()
    bits = []
    for value in differences:
        if value == 0:
            bits.append("0")
        elif abs(value) <= 8:
            bits.append("1" * abs(value) + "0" + ("0" if value > 0 else "1"))
        elif -128 <= value < 128:
            bits.append("1111111110" + f"{value & 0xFF:08b}")
        else:
            bits.append("1111111111" + f"{value & 0xFFFF:016b}")
    text = "".join(bits)
    text += "0" * (-len(text) % 8)
    raw = int(text, 2).to_bytes(len(text) // 8, "big")
    return raw + b"\0" * (len(raw) % 2)
