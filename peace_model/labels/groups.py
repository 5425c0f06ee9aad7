"""Groups of labels whose figures are reported together: data, in resources/labels/groups.json."""

from peace_model.labels.profile import load_profile
from peace_model.labels.tables import as_object, as_texts, label_file, read_table

WHOLE_PROFILE = "profile"
NINE = "nine"
"""The labels PEACE measured on PTB-XL; figures over them use the recordings with at least one of them."""


def groups_of(profile: str) -> dict[str, tuple[str, ...]]:
    """Label codes of every group that the profile holds completely, in the profile's order; last "profile", all of it.

    Raises LabelError for an unknown profile.
    """
    codes = load_profile(profile).codes
    path = label_file("groups")
    groups = as_texts(path, "groups", as_object(path, "file", read_table(path)).get("groups"))
    return {**{name: tuple(code for code in codes if code in members) for name, members in groups.items()
               if set(members) <= set(codes)},
            WHOLE_PROFILE: codes}
