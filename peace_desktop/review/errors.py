"""What a review does not allow."""


class ReadingError(Exception):
    """Something a reading does not allow, said in one plain sentence."""


class StudyError(Exception):
    """Something a study does not allow, said in one plain sentence."""
