"""`compared` holds a number of ours against one from outside and notes the deviation for the Validation page."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.validation import Comparison, deviation


@pytest.fixture
def compared(request, record_property) -> Callable[..., None]:
    """compared(method, ours, theirs, code=..., against=..., tolerance=...): fails above the tolerance.

    `code` is whose code computes the number ("own", "SciPy fisher_exact"), `against` what it is compared with
    ("R 4.2.2 survival 3.5-3", "Newcombe 1998, Table II"). Numbers or sequences of numbers; NaN equals NaN and
    an infinite limit itself. The deviation is relative, or absolute where the reference is below 1.
    """
    chapter = Path(request.node.path).stem.removeprefix("test_").removesuffix("_reference").replace("_", " ")

    def compare(method: str, ours, theirs, *, code: str, against: str, tolerance: float) -> None:
        found = deviation(ours, theirs)
        comparison = Comparison(chapter, method, code, against, tolerance, found)
        record_property("validation", comparison.as_dict())
        assert found <= tolerance, f"{method}: {ours} against {theirs} ({against}), deviation {found:.3g}"

    return compare
