"""Models as files for the record: plain numbers as JSON, trees as skops with the types that were reviewed.

In:    a learned model.
Out:   files by name.
Never: is read by the product again; writes a type that nobody looked at.
"""

from __future__ import annotations

import io
import json
import zipfile

from forecast_core.errors import ModelError
from forecast_core.estimators import Model, SeedForestModel, TreeModel, model_to_lists

# Reviewed: both only hold arrays of nodes, and building them runs nothing.
REVIEWED_TYPES = ("sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor", "sklearn.tree._tree.Tree")


def as_files(model: Model) -> dict[str, bytes]:
    """Return the files that hold a model; ModelError for a type that was not reviewed."""
    if not isinstance(model, SeedForestModel | TreeModel):
        return {"model.json": json.dumps(model_to_lists(model)).encode()}
    from skops import io as skops

    content = skops.dumps(_inside(model), compression=zipfile.ZIP_DEFLATED, compresslevel=1)
    found = skops.get_untrusted_types(data=content)
    odd = sorted(set(found) - set(REVIEWED_TYPES))
    if odd:
        raise ModelError(f"The type {odd[0]} was never reviewed; the model is not written.")
    return {"model.skops": content, "trusted_types.json": json.dumps(found).encode()}


def as_joblib(model: Model) -> bytes:
    """Return a joblib dump for those who ask for it; loading one runs what is in it, so the product never does."""
    import joblib  # slow to import

    stream = io.BytesIO()
    joblib.dump(_inside(model), stream, compress=3)
    return stream.getvalue()


def _inside(model: Model) -> object:
    """Return the scikit-learn object of a forest or boosting; other models are their own."""
    if isinstance(model, SeedForestModel):
        return model.pipeline
    return model.ensemble if isinstance(model, TreeModel) else model
