"""What Streamlit is told to do, wherever the dashboard is started: a config file that lies there decides nothing of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from streamlit import config

__all__ = ["MOST_MEGABYTES", "apply_settings"]

LOOK = Path(__file__).parents[2] / ".streamlit" / "config.toml"
MOST_MEGABYTES = 1  # of a file that somebody loads
SETTINGS: Mapping[str, Any] = {
    "browser.gatherUsageStats": False,
    "client.allowedOrigins": [],  # pages that may steer this one; Streamlit's own servers, unless told otherwise
    "client.showErrorDetails": "type",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "global.developmentMode": False,
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,  # a look at all that the process holds, a quarter of a second after each click
    "server.enableAgentApi": False,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.maxUploadSize": MOST_MEGABYTES,
    "server.maxWidgetStateSize": 2,  # megabytes that one message of a page may have
    "server.scriptHealthCheckEnabled": False,
    "server.trustedUserHeaders": {},
}


def apply_settings(*, hosts: Sequence[str], names: Sequence[str]) -> None:
    """Let Streamlit be closed and look as it is to look; before the app is made.

    Parameters
    ----------
    hosts : under which the dashboard may be asked.
    names : of them, those under which a server in front of it passes on what it is asked.
    """
    allowed: dict[str, Any] = {
        "server.allowedHosts": list(hosts),
        "server.corsAllowedOrigins": [f"{scheme}://{name}" for name in names for scheme in ("https", "http")],
    }
    # Only how it looks: whoever changes that file opens nothing.
    theme = {"theme": tomllib.loads(LOOK.read_text(encoding="utf-8"))["theme"]}
    for key, value in {**SETTINGS, **allowed, **dict(_flat(theme))}.items():
        config.set_option(key, value, __name__)


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value
