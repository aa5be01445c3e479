"""The command line: ``python -m dashboard [--city CITY] [--port N]``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from dashboard.shell.cities import START
from data import CivicastError
from data.city import SAMPLE, find_city
from data.cityfile import read_city_file
from data.commandline import Parser, whole
from data.words import say, use_language, usual_language


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the dashboard; 2 and one sentence on a user's mistake."""
    with use_language(usual_language()):
        options = parser().parse_args(arguments)
        try:
            path = find_city(options.city)
            city = read_city_file(path)
        except CivicastError as error:
            print(f"civicast: {error}", file=sys.stderr)
            return 2
        os.environ[START] = str(path.resolve())
        served = {"city": city.name, "address": f"http://{options.host}:{options.port}"}
        print(say("serve.served", served), flush=True)
    _serve(options.host, options.port)
    return 0


def parser() -> argparse.ArgumentParser:
    """All options."""
    made = Parser(prog="python -m dashboard", description=say("serve.about"))
    made.add_argument("--city", default=SAMPLE, help=say("serve.city"))
    made.add_argument("--port", type=whole, default=8501, help=say("serve.port", {"default": 8501}))
    made.add_argument("--host", default="127.0.0.1", help=say("serve.host", {"default": "127.0.0.1"}))
    return made


def _serve(host: str, port: int) -> None:
    import uvicorn

    from dashboard.server import create_app

    uvicorn.run(create_app(), host=host, port=port, log_level="warning")


if __name__ == "__main__":
    sys.exit(main())
