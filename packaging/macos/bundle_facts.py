"""What the application says of itself to macOS: the entries of Info.plist beside those PyInstaller writes."""

from typing import Any

_UTI = "org.peace-desktop"
TYPES: dict[str, tuple[str, tuple[str, ...]]] = {
    f"{_UTI}.wfdb-header": ("WFDB recording", ("hea",)),
    f"{_UTI}.edf": ("EDF recording", ("edf", "bdf")),
    f"{_UTI}.scp": ("SCP-ECG recording", ("scp",)),
    f"{_UTI}.ishne": ("ISHNE Holter recording", ("ecg",)),
    "org.nema.dicom": ("DICOM file", ("dcm", "dicom")),
}
"""Type identifier -> words, endings. DICOM's identifier is not ours and only referred to."""


def facts(version: str) -> dict[str, Any]:
    """Offered under "Open With" (rank Alternate), never made the default for anybody's files."""
    return {
        "CFBundleDisplayName": "PEACE Desktop",
        "CFBundleShortVersionString": version,
        "CFBundleLocalizations": ["en", "zh-Hans"],
        "LSApplicationCategoryType": "public.app-category.medical",
        "LSMinimumSystemVersion": "13.0",
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,
        "NSHumanReadableCopyright": "Apache-2.0. Research use only, not a medical device.",
        "CFBundleDocumentTypes": [
            {"CFBundleTypeName": words, "CFBundleTypeRole": "Viewer", "LSHandlerRank": "Alternate",
             "LSItemContentTypes": [identifier]} for identifier, (words, _endings) in TYPES.items()],
        "UTImportedTypeDeclarations": [
            {"UTTypeIdentifier": identifier, "UTTypeDescription": words, "UTTypeConformsTo": ["public.data"],
             "UTTypeTagSpecification": {"public.filename-extension": list(endings)}}
            for identifier, (words, endings) in TYPES.items()],
    }
