"""A new model file, made from the template."""

from __future__ import annotations

import keyword
from importlib import resources
from pathlib import Path

from analytics.errors import AnalyticsError, ForecastError
from analytics.forecasting.registry import models

__all__ = ["new_model"]

TEMPLATE, TEMPLATE_NAME, TEMPLATE_TITLE = "_template.py", "recent_mean", "Mean of the last four weeks"
DOCSTRING = '"""{title}: say here in one sentence what it does, and below in plain words what it cannot do."""\n\n'


def new_model(name: str, *, folder: Path) -> Path:
    """The file of a new model of this name, written into a folder (which is made where it is missing).

    Raises
    ------
    ForecastError
        When the name is no lower-case Python name or belongs to a model that there is, or the file exists.
    AnalyticsError
        When the folder cannot be written to.
    """
    # A file that begins with "_" is not loaded.
    if not name.isidentifier() or name != name.lower() or keyword.iskeyword(name) or name.startswith("_"):
        raise ForecastError("bad_model_name", name=name)
    known = models()
    if name in known:
        raise ForecastError("model_name_taken", name=name, names=list(known))
    path = folder / f"{name}.py"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(_source(name))
    except FileExistsError as error:
        raise ForecastError("model_file_exists", path=str(path)) from error
    except OSError as error:
        raise AnalyticsError("cannot_write", path=str(path), why=error.strerror or str(error)) from error
    return path


def _source(name: str) -> str:
    template = (resources.files("analytics.forecasting.models") / TEMPLATE).read_text(encoding="utf-8")
    title = name.replace("_", " ").capitalize()
    body = template[template.index("from __future__") :]
    return DOCSTRING.format(title=title) + body.replace(TEMPLATE_TITLE, title).replace(TEMPLATE_NAME, name)
