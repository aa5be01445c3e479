"""The command line: ``python -m dashboard``, which serves the dashboard, and ``python -m dashboard brief``."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from dashboard.serving.guard import LOOPBACK
from dashboard.workers import births
from data.commandline import MISTAKE, Parser, whole
from data.errors import CivicastError
from data.store.workspace import SAMPLE
from data.words import say, use_language, usual_language

BRIEF = "brief"
HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,39}")  # or an address of IPv6

MOST_PROCESSES = 32


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the dashboard; 2 and one sentence on a user's mistake."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    with use_language(usual_language()):
        if given[:1] == [BRIEF]:
            return _brief(given[1:])
        options = parser().parse_args(given)
        try:
            return _serve(options)
        except KeyboardInterrupt:  # while libraries are loaded; later the server itself ends by it
            from dashboard.serving import first

            first.end()
            return 0


def _serve(options: argparse.Namespace) -> int:
    """Serve until told to end; it listens first, so that who opens the page while all else is loaded waits for it."""
    from dashboard.serving.processes import serve_behind
    from dashboard.serving.serve import Address, listening, serve

    url, alone = f"http://{options.host}:{options.port}", options.processes == 1
    with ExitStack() as stack:
        try:
            sockets = [stack.enter_context(each) for each in listening(options.host, options.port)] if alone else []
        except OSError as error:
            return _no_address(url, error)
        if alone:
            births.begin()  # before all that takes time to load: what the first visitor waits for is read by a copy of it
            from dashboard.serving import first

            first.begin_worker()
        from dashboard.shell.cities import START
        from data.city import find_city
        from data.cityfile import read_city_file

        try:
            path = find_city(options.city)
            city = read_city_file(path)
        except CivicastError as error:
            print(f"civicast: {error}", file=sys.stderr)
            return MISTAKE
        os.environ[START] = str(path.resolve())
        if alone and not options.on_demand:
            first.begin_figures(path)
        print(say("serve.served", {"city": city.name, "address": url}), flush=True)
        if options.host not in LOOPBACK and not options.allow_host:
            print(say("serve.nobody_else"), flush=True)
        names, frames = tuple(options.allow_host), tuple(options.allow_frame)
        address = Address(options.host, options.port, names, frames, options.on_demand)
        if alone:
            serve(address, None, sockets)
            return 0
        try:
            serve_behind(serve, address, host=options.host, port=options.port, processes=options.processes)
        except OSError as error:
            return _no_address(url, error)
        return 0


def _no_address(url: str, error: OSError) -> int:
    print(
        f"civicast: {say('serve.no_address', {'address': url, 'why': error.strerror or str(error)})}", file=sys.stderr
    )
    return MISTAKE


def _brief(arguments: Sequence[str]) -> int:
    from dashboard.brief import brief  # serving needs none of what it draws with

    try:
        print(brief(arguments))
    except CivicastError as error:
        print(f"civicast: {error}", file=sys.stderr)
        return MISTAKE
    return 0


def parser() -> argparse.ArgumentParser:
    """All options."""
    made = Parser(prog="python -m dashboard", description=say("serve.about"), epilog=say("serve.brief_about"))
    made.add_argument("--city", default=SAMPLE, help=say("serve.city"))
    made.add_argument("--port", type=port, default=8501, help=say("serve.port", {"default": 8501}))
    made.add_argument("--host", default="127.0.0.1", help=say("serve.host", {"default": "127.0.0.1"}))
    made.add_argument(
        "--allow-host", type=host_name, action="append", default=[], metavar="NAME", help=say("serve.allow_host")
    )
    made.add_argument("--processes", type=processes, default=1, metavar="N", help=say("serve.processes"))
    made.add_argument("--on-demand", action="store_true", help=say("serve.on_demand"))
    made.add_argument(
        "--allow-frame", type=site, action="append", default=[], metavar="SITE", help=say("serve.allow_frame")
    )
    return made


def site(text: str) -> str:
    """The address of a site: scheme and host, and nothing that would end the rule in which it is written."""
    scheme, _, host = text.partition("://")
    name, _, number = host.partition(":")
    known = scheme in ("https", "http") and HOST_NAME.fullmatch(name)
    if not known or (number and not number.isdecimal()):
        raise argparse.ArgumentTypeError(say("serve.no_site", {"value": text}))
    return text


def port(text: str) -> int:
    """A port that a server can listen on."""
    number = whole(text)
    if not 0 < number < 1 << 16:
        raise argparse.ArgumentTypeError(say("serve.no_port", {"value": number}))
    return number


def host_name(text: str) -> str:
    """A name under which people reach a server, without a scheme or a path."""
    if not HOST_NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(say("serve.no_host_name", {"value": text}))
    return text


def processes(text: str) -> int:
    """How many server processes there are to be."""
    number = whole(text)
    if not 0 < number <= MOST_PROCESSES:
        raise argparse.ArgumentTypeError(say("serve.no_processes", {"value": number, "most": MOST_PROCESSES}))
    return number


if __name__ == "__main__":
    sys.exit(main())
