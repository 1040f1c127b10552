"""Many outcomes of comparing, weighed at once."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from leadloom.resolve.match.model import Model, rounded

Codes = tuple[int, ...]
Floats = npt.NDArray[np.float64]


class Outcomes:
    """Outcomes as arrays: for each field its distinct codes, and which one each outcome has."""

    def __init__(self, outcomes: Sequence[Codes]) -> None:
        width = len(outcomes[0]) if len(outcomes) else 0
        codes = np.array(outcomes, dtype=np.int64).reshape(len(outcomes), width)
        self.codes = codes
        self.fields = [np.unique(column, return_inverse=True) for column in codes.T]
        bits = 1 << np.arange(codes.shape[1], dtype=np.int64)
        known, self._which = np.unique((codes > 0) @ bits, return_inverse=True)
        self._known = [tuple(bool(one & bit) for bit in bits.tolist()) for one in known.tolist()]

    def __len__(self) -> int:
        return len(self.codes)

    def without(self, place: int) -> "Outcomes":
        """Return the same outcomes as if nothing were known of one field."""
        codes = self.codes.copy()
        if len(self):
            codes[:, place] = 0
        return Outcomes(codes)  # type: ignore[arg-type]

    def told(self, model: Model) -> Floats:
        """Return log2 of how likely each story (columns) is to give each outcome (rows)."""
        told: Floats = np.array([model.rates(known) for known in self._known])[self._which]
        for place, (codes, which) in enumerate(self.fields):
            told = told + np.array([model.field_bits(place, one) for one in codes.tolist()])[which]
        for bound in model.bounds():
            codes, which = self.fields[bound.place]
            anchors, by = self.fields[bound.anchor]
            less = bound.less(codes, anchors)
            if less.any():
                told[:, bound.story] += less[which, by]
        return told

    def bits(self, model: Model) -> Floats:
        """Return the log2 odds that two are one, as `Model.bits` does for one outcome."""
        if not len(self):
            return np.empty(0)
        told = self.told(model)
        likely = np.exp2(told - told.max(axis=1, keepdims=True))
        is_same = np.array([story.is_same for story in model.stories])
        same, apart = (
            np.log2(np.maximum(likely[:, which].sum(axis=1), 2.0**-1000))
            for which in (is_same, ~is_same)
        )
        found: Floats = rounded(model.slope * (same - apart) + model.offset)
        return found
