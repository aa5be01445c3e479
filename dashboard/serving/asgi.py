"""The ASGI app: Streamlit behind its guard, and the routes that serve geometry by URL so that a slider moves without it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from dashboard import beforehand
from dashboard.app import HOME, VIEWS
from dashboard.figures.geometry import Box, bounds, layer_geojson, layer_svg
from dashboard.figures.palette import Theme
from dashboard.figures.streets import streets_svg
from dashboard.serving import following, warming
from dashboard.serving.guard import LOOPBACK, Guard, Quota
from dashboard.serving.scripts import Packing, links_of
from dashboard.serving.settings import MOST_MEGABYTES, apply_settings
from dashboard.shell.cached import city_for_routes
from dashboard.shell.cities import offered
from dashboard.workers import jobs
from data import Areas, City, CivicastError
from data.words import say

__all__ = ["EVERY_ADDRESS", "create_app", "own_routes"]

SCRIPT = Path(__file__).parent.parent / "script.py"
AN_HOUR = 3600
PART = re.compile(r"-?\d{1,9}(,-?\d{1,9}){3}")  # west, south, east and north in metres
EVERY_ADDRESS = ("0.0.0.0", "::", "")
SESSION_MEGABYTES = 4  # of files that one session has loaded
PROCESS_MEGABYTES = 64  # of those of all
WORLD_LAYERS = ("coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits")
EMPTY_WORLD = {
    "type": "Topology",
    "objects": {name: {"type": "GeometryCollection", "geometries": []} for name in WORLD_LAYERS},
    "arcs": [],
}


def create_app(
    *, address: str = LOOPBACK[1], names: Sequence[str] = (), frames: Sequence[str] = (), process: str = ""
) -> Guard:
    """The dashboard as an ASGI app; Streamlit allows one of them in a process.

    Parameters
    ----------
    address : on which it listens.
    names : under which others reach it, beside this address and this machine's own names.
    frames : addresses of sites whose pages may show a page or a figure of this one in a frame.
    process : the cookie that names this process among several behind the address; "" where there is one.

    Returns
    -------
    Guard
        Before the app.
    """
    hosts = [*LOOPBACK, *names, *([] if address in EVERY_ADDRESS else [address])]
    apply_settings(hosts=hosts, names=names)
    app = st.App(str(SCRIPT), lifespan=_lifespan, routes=own_routes())
    quota = Quota(MOST_MEGABYTES << 20, SESSION_MEGABYTES << 20, PROCESS_MEGABYTES << 20, _loaded)
    return Guard(
        Packing(app),
        hosts=hosts,
        names=names,
        pages=VIEWS,
        quota=quota,
        frames=frames,
        process=process,
        links=links_of(),
    )


def _loaded() -> Mapping[str, int]:
    """The bytes of the files that each session has loaded."""
    manager = get_instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)
    # Copied, because a session may end in another thread.
    return {
        session: sum(len(file.data) for file in list(files.values()))
        for session, files in list(manager.file_storage.items())
    }


def own_routes() -> list[Route]:
    """The routes that serve areas and the empty world that plotly asks for, and the way to the page that opens first."""
    return [
        Route(f"/{HOME}", _home),
        Route("/geometry/topojson/{name}", _world),
        Route("/geometry/{city}/{layer}.geojson", _geojson),
        Route("/geometry/{city}/{layer}.svg", _svg),
        Route("/geometry/{city}/{layer}/streets.svg", _streets),
    ]


@asynccontextmanager
async def _lifespan(app: Any) -> AsyncIterator[None]:
    warming.begin()
    yield
    beforehand.end()
    following.end()
    jobs.stop()


async def _home(request: Request) -> Response:
    """The page that opens first lives at the root; its own name leads there with all that the link says."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{query}")


async def _world(request: Request) -> Response:
    # Plotly asks for a world map whether or not it draws one; an empty one keeps it from asking the internet.
    return JSONResponse(EMPTY_WORLD, headers={"Cache-Control": f"public, max-age={AN_HOUR}"})


async def _geojson(request: Request) -> Response:
    return await run_in_threadpool(_layer, request, "application/geo+json", _as_geojson)


async def _svg(request: Request) -> Response:
    return await run_in_threadpool(_layer, request, "image/svg+xml", _as_borders)


async def _streets(request: Request) -> Response:
    return await run_in_threadpool(_layer, request, "image/svg+xml", _as_streets)


def _as_geojson(city: City, layer: Areas, theme: Theme, part: Box | None) -> bytes:
    return layer_geojson(layer)


def _as_borders(city: City, layer: Areas, theme: Theme, part: Box | None) -> bytes:
    return layer_svg(layer, theme, part=part)


def _as_streets(city: City, layer: Areas, theme: Theme, part: Box | None) -> bytes:
    return streets_svg(city, part or bounds(layer), theme)


def _part(asked: str | None) -> Box | None:
    """The part of a layer that an address asks for; None for the whole.

    Raises
    ------
    ValueError
        When it names no part.
    """
    if asked is None:
        return None
    if not PART.fullmatch(asked):
        raise ValueError(asked)
    west, south, east, north = (float(each) for each in asked.split(","))
    if not (west < east and south < north):
        raise ValueError(asked)
    return west, south, east, north


def _layer(request: Request, kind: str, draw: Callable[[City, Areas, Theme, Box | None], bytes]) -> Response:
    """A layer of a city, or what lies within it, as somebody draws it."""
    try:
        path = offered().get(request.path_params["city"])
        city = city_for_routes(path) if path else None
        layer = city.areas.get(request.path_params["layer"]) if city else None
        if city is None or layer is None:
            return JSONResponse({"error": say("serve.no_layer")}, status_code=404)
        theme: Theme = "dark" if request.query_params.get("theme") == "dark" else "light"
        content = draw(city, layer, theme, _part(request.query_params.get("part")))
    except ValueError:
        return JSONResponse({"error": say("serve.no_part")}, status_code=404)
    except CivicastError as error:
        return JSONResponse({"error": str(error)}, status_code=404)
    tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": f"private, max-age={AN_HOUR}"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)
