"""Who a recording is of and by, as a file names them: what de-identification removes and nothing else may show."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, repr=False)
class Identity:
    """Every value of a file that can tell who the patient is or who and where the staff are.

    patient_id: the number that makes two recordings one patient's. others: all further telling values, a string each:
    accession and order numbers, addresses, telephone numbers, names of staff, institution, the recorder's serial
    number, free comments. repr() shows none of it, so that no log or traceback can.
    """

    patient_id: str = ""
    name: str = ""
    birth_date: date | None = None
    others: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Identity(hidden)"

    def __bool__(self) -> bool:
        return self != Identity()
