"""Label ontology: profiles of labels and the code maps of data sets, read from resources/labels."""

from peace_model.labels.code_map import CodeMap, load_code_map
from peace_model.labels.profile import Label, LabelError, LabelProfile, load_profile

__all__ = ["CodeMap", "Label", "LabelError", "LabelProfile", "load_code_map", "load_profile"]
