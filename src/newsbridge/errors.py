"""The few things that can go wrong, each with a hint what to try next."""


class NewsbridgeError(Exception):
    """Something the person at the keyboard can act on.

    Args:
        message: What happened and where, one sentence without a full stop.
        hint: What to try next, one sentence; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ArticleError(NewsbridgeError):
    """This file cannot be read as an article; the message says where."""


class RecordError(NewsbridgeError):
    """This file is not a newsbridge record, or one that was damaged by hand."""


class OutputError(NewsbridgeError):
    """A result could not be written; what stood there before is untouched."""


class DiskFull(OutputError):
    """There is no room for a result: the next one would not fit either."""


class JournalError(NewsbridgeError):
    """The output folder's journal is damaged, or another run has the folder."""


class MemoryFault(NewsbridgeError):
    """The translation memory cannot be opened, or is damaged."""


class PromptError(NewsbridgeError):
    """A template has a blank nobody filled."""


class EngineError(NewsbridgeError):
    """A model is missing, would not load, or returned nothing usable."""


class MissingPackage(EngineError):
    """An optional package is not installed; the hint is the pip line to paste."""
