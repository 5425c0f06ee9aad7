"""The folder's bill of materials in CycloneDX 1.6, the same bytes for the same contents."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as Part
from cyclonedx.model.component import ComponentType
from cyclonedx.model.contact import OrganizationalEntity
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from third_party import Component

_SPACE = uuid.UUID("5b6a2f3e-6a55-4f0e-9a0f-3d2f5b7f1c11")


class SbomError(Exception):
    """A bill of materials that its own schema refuses."""


def as_cyclonedx(components: Iterable[Component], *, version: str, epoch_s: int) -> str:
    """JSON text, checked against the schema. epoch_s: the time it bears. Raises SbomError."""
    listed = list(components)
    make = LicenseFactory()
    bom = Bom()
    name = "peace-desktop"
    root = Part(name=name, version=version, type=ComponentType.APPLICATION, bom_ref=name,
                licenses=[make.make_from_string("Apache-2.0")], supplier=OrganizationalEntity(name="PEACE Desktop"))
    bom.metadata.component = root
    bom.metadata.timestamp = datetime.fromtimestamp(epoch_s, UTC)
    bom.serial_number = uuid.uuid5(_SPACE, "\n".join([version, *(repr((item.name, item.version)) for item in listed)]))
    parts: dict[tuple[str, str], Part] = {}
    for item in listed:
        parts[item.name, item.within] = Part(
            name=item.name, version=item.version, type=ComponentType.LIBRARY, description=item.purpose,
            bom_ref=f"{item.within}/{item.name}@{item.version}".lstrip("/"),
            purl=PackageURL.from_string(item.purl) if item.purl else None,
            licenses=[make.make_from_string(item.licence)],
            properties=[Property(name="peace:within", value=item.within)] if item.within else [])
    for part in parts.values():
        bom.components.add(part)
    bom.register_dependency(root, [part for (_name, within), part in parts.items() if not within])
    for (_name, within), part in parts.items():
        if within:
            bom.register_dependency(parts[within, ""], [part])
    text = JsonV1Dot6(bom).output_as_string(indent=1)
    if problem := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise SbomError(f"the bill of materials is not CycloneDX 1.6: {problem}")
    return text + "\n"
