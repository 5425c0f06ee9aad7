"""Label ontology: profiles of labels, their groups and the code maps of data sets, read from resources/labels."""

from peace_model.labels.code_map import CodeMap, is_diagnosis, load_code_map
from peace_model.labels.groups import groups_of
from peace_model.labels.profile import DEFAULT_PROFILE, READERS_PROFILE, Label, LabelProfile, load_profile
from peace_model.labels.tables import LabelError
from peace_model.labels.wording import DIAGNOSIS

__all__ = ["DEFAULT_PROFILE", "DIAGNOSIS", "READERS_PROFILE", "CodeMap", "Label", "LabelError", "LabelProfile",
           "groups_of", "is_diagnosis", "load_code_map", "load_profile"]
