"""Which source tokens a decoder looked at, in one byte a weight: it goes to other processes and into the memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

STEPS = 256  # between 0 and 1


@dataclass(frozen=True, slots=True)
class Attention:
    """Weights of shape (target tokens, source tokens), rounded down to multiples of 1/256.

    Rows sum to 1 or less; the rest fell on the end of the sentence.  ``numpy.asarray`` makes floats of it.
    """

    shape: tuple[int, int]
    data: bytes  # row by row

    @classmethod
    def of(cls, rows: Any) -> Attention:
        """Read rows of numbers from 0 to 1: sequences or a matrix.

        Raises:
            ValueError: if the rows differ in length.
        """
        import numpy

        if not len(rows):
            return cls((0, 0), b"")
        weights = numpy.asarray(rows, dtype=numpy.float32)
        if weights.ndim != 2:
            raise ValueError(f"attention has two dimensions, not {weights.ndim}")
        steps = numpy.clip(weights * STEPS, 0, STEPS - 1).astype(numpy.uint8)
        return cls((steps.shape[0], steps.shape[1]), steps.tobytes())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> numpy.ndarray[Any, Any]:
        """Return floats, a new matrix each time."""
        import numpy

        steps = numpy.frombuffer(self.data, dtype=numpy.uint8).reshape(self.shape)
        return steps.astype(dtype or float) / STEPS

    def __len__(self) -> int:
        """Return the number of target tokens."""
        return self.shape[0]


def attention_of(given: Attention | Sequence[Sequence[float]] | None) -> Attention | None:
    """Return an engine's attention as it is kept; what is kept already stays as it is."""
    return given if given is None or isinstance(given, Attention) else Attention.of(given)
