"""The routes that serve geometry, and the command that starts the server."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from tiny_city import write_city

from dashboard.__main__ import main
from dashboard.serving.asgi import SCRIPT, own_routes
from dashboard.serving.first import begin_figures, begin_worker
from dashboard.serving.scripts import SCRIPTS, STATIC, Packing
from dashboard.serving.serve import Address, listening
from dashboard.shell.cities import START, offered
from data import open_city
from data.city import stamp_of


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def client(sample_city: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv(START, "meridian")
    # The routes alone: they need neither Streamlit's runtime nor workers.
    return TestClient(Starlette(routes=own_routes()))


def test_areas_come_as_geojson_with_their_ids(client: TestClient) -> None:
    answer = client.get("/geometry/meridian/neighbourhood.geojson")
    assert answer.status_code == 200
    ids = {feature["id"] for feature in answer.json()["features"]}
    assert ids == set(open_city("meridian").areas["neighbourhood"].frame.index)


@pytest.mark.parametrize("url", ["/geometry/meridian/district.geojson", "/geometry/meridian/district.svg?theme=dark"])
def test_what_has_not_changed_is_not_sent_again(client: TestClient, url: str) -> None:
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_borders_differ_by_theme(client: TestClient) -> None:
    light, dark = (client.get(f"/geometry/meridian/district.svg?theme={theme}").text for theme in ("light", "dark"))
    assert light.startswith("<svg")
    assert light != dark


@pytest.mark.parametrize("drawn", ["district.svg", "district/streets.svg"])
def test_a_part_of_what_lines_a_layer_has_is_drawn_by_itself(client: TestClient, drawn: str) -> None:
    west, south, east, north = (round(each) for each in open_city("meridian").areas["district"].frame.total_bounds)
    part = f"{west},{south},{(west + east) // 2},{(south + north) // 2}"
    answers = [client.get(f"/geometry/meridian/{drawn}{query}") for query in ("", f"?part={part}")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len({answer.text for answer in answers}) == 2
    for wrong in ("", "1,2,3", "5,0,5,9", "1,2,3,x", "1e9,0,2e9,1", f"{10**12},0,{10**13},1"):
        assert client.get(f"/geometry/meridian/{drawn}?part={wrong}").status_code == 404


@pytest.mark.parametrize("query", ["", "?city=meridian&language=en"])
def test_the_first_page_is_found_by_its_name_too(client: TestClient, query: str) -> None:
    answer = client.get(f"/overview{query}", follow_redirects=False)
    assert answer.is_redirect
    assert answer.headers["location"] == f"/{query}"


def test_the_world_is_empty_so_that_plotly_asks_nobody_else(client: TestClient) -> None:
    world = client.get("/geometry/topojson/world_110m.json").json()
    assert world["arcs"] == []


async def unpacked(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("as it is")(scope, receive, send)


@pytest.mark.parametrize(
    ("host", "accepts", "packed"),
    [
        ("dashboard.example", "gzip, br", True),
        ("dashboard.example:8501", "gzip", True),
        ("dashboard.example", "identity", False),
        ("localhost:8501", "gzip", False),
        ("[::1]:8501", "gzip", False),
    ],
)
def test_scripts_are_packed_for_browsers_on_other_machines(
    tmp_path: Path, host: str, accepts: str, packed: bool
) -> None:
    content = b"export default 1;" * 999
    (tmp_path / "static" / "js").mkdir(parents=True)
    (tmp_path / "static" / "js" / "draws.js").write_bytes(content)
    client = TestClient(Packing(unpacked, tmp_path))
    answer = client.get("/static/js/draws.js", headers={"Host": host, "Accept-Encoding": accepts})
    assert answer.content == (content if packed else b"as it is")
    assert (answer.headers.get("content-encoding") == "gzip") is packed
    if packed:
        assert int(answer.headers["content-length"]) < len(content) / 9
        assert answer.headers["content-type"].startswith("text/javascript")
        assert (answer.headers["vary"], "immutable" in answer.headers["cache-control"]) == ("Accept-Encoding", True)


@pytest.mark.parametrize("name", ["js/none.js", "js/x.txt", "js/", "x.js", "js/js/x.js", "js/..%2fx.js"])
def test_what_is_no_script_stays_the_apps(tmp_path: Path, name: str) -> None:
    for each in ("js/x.txt", "x.js", "js/js/x.js"):
        (tmp_path / "static" / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "static" / each).write_text("x")
    answer = TestClient(Packing(unpacked, tmp_path)).get(f"/static/{name}", headers={"Accept-Encoding": "gzip"})
    assert answer.text == "as it is"


def test_streamlits_scripts_lie_where_they_are_looked_for() -> None:
    assert sum(each.stat().st_size for each in (STATIC / SCRIPTS).glob("*.js")) > 5e6


@pytest.mark.parametrize("url", ["/geometry/atlantis/x.geojson", "/geometry/meridian/x.svg", "/geometry/..%2f/x.svg"])
def test_what_is_not_there_is_not_found(client: TestClient, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_a_city_is_read_anew_when_one_of_its_files_changes(tmp_path: Path) -> None:
    city = tmp_path / "city.toml"
    city.write_text(
        '[city]\nname = "T"\ntimezone = "UTC"\ncrs = "EPSG:32633"\ncurrency = "EUR"\n'
        '[series.x]\nsource = "x.csv"\nperiod = "d"\nvalue = "n"\nfreq = "D"\nunit = "n"\n'
    )
    (tmp_path / "x.csv").write_text("d,n\n2024-01-01,1\n2024-01-02,2\n")
    before = stamp_of(city)
    assert stamp_of(city) == before
    (tmp_path / "x.csv").write_text("d,n\n2024-01-01,1\n2024-01-02,22\n")
    assert stamp_of(city) != before


@pytest.mark.usefixtures("sample_city")
def test_the_city_it_was_started_with_comes_first(monkeypatch: pytest.MonkeyPatch, real_data: Path) -> None:
    from tests.conftest import CITIES

    open_city("meridian")
    monkeypatch.setenv(START, str(CITIES / "chicago.toml"))
    assert list(offered()) == ["chicago", "meridian"]


def test_the_city_it_was_started_with_is_not_another_of_the_same_key(
    tmp_path: Path, sample_city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "city.toml").write_text(sample_city.read_text())
    monkeypatch.setenv(START, str(tmp_path / "city.toml"))
    assert offered() == {"meridian": tmp_path / "city.toml"}


def test_a_mistake_stops_it_with_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.conftest import CITIES

    monkeypatch.delenv("CIVICAST_TEST_DATA")
    assert main(["--city", str(CITIES / "chicago.toml"), "--port", str(free_port())]) == 2
    said = capsys.readouterr()
    assert "CIVICAST_TEST_DATA, which is not set" in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_an_address_that_is_taken_stops_it_before_anything_is_loaded(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["--port", str(taken.getsockname()[1])]) == 2
    said = capsys.readouterr()
    assert "give another --port" in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_who_comes_while_all_is_loaded_waits_and_is_not_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, free = write_city(tmp_path), free_port()
    visitors: list[socket.socket] = []

    def find(name: str) -> Path:
        visitors.append(socket.create_connection(("127.0.0.1", free)))
        return path

    def serve(address: Address, number: int | None, sockets: list[socket.socket]) -> None:
        answered, _ = sockets[0].accept()
        answered.sendall(b"here")
        for each in (answered, *sockets):
            each.close()
        raise KeyboardInterrupt

    monkeypatch.setenv(START, "")
    monkeypatch.setattr("data.city.find_city", find)
    monkeypatch.setattr("dashboard.serving.serve.serve", serve)
    _not_begun(monkeypatch)
    assert main(["--port", str(free), "--city", str(path)]) == 0, "an interrupt is no mistake"
    with visitors[0] as visitor:
        assert visitor.recv(4) == b"here"
    assert f"http://127.0.0.1:{free}" in capsys.readouterr().out


def _not_begun(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What would be begun for the first visitor, in its order."""
    begun: list[object] = []
    monkeypatch.setattr("dashboard.workers.births.begin", lambda: begun.append("births"))
    monkeypatch.setattr("dashboard.serving.first.begin_worker", lambda: begun.append("worker"))
    monkeypatch.setattr("dashboard.serving.first.begin_figures", begun.append)
    return begun


@pytest.mark.parametrize(("more", "first"), [((), True), (("--on-demand",), False)])
def test_the_figures_of_the_city_are_begun_before_what_serves_them_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...], first: bool
) -> None:
    def serve(address: Address, number: int | None, sockets: list[socket.socket]) -> None:
        begun.append("served")

    path, begun = write_city(tmp_path), _not_begun(monkeypatch)
    monkeypatch.setenv(START, "")
    monkeypatch.setattr("dashboard.serving.serve.serve", serve)
    assert main(["--port", str(free_port()), "--city", str(path), *more]) == 0
    assert begun == ["births", "worker", *[path] * first, "served"]


def test_a_server_that_is_interrupted_while_it_loads_ends_what_it_has_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(name: str) -> Path:
        raise KeyboardInterrupt

    begun = _not_begun(monkeypatch)
    monkeypatch.setattr("dashboard.serving.first.end", lambda: begun.append("ended"))
    monkeypatch.setattr("data.city.find_city", interrupted)
    assert main(["--port", str(free_port()), "--city", str(write_city(tmp_path))]) == 0
    assert begun == ["births", "worker", "ended"]
    assert capsys.readouterr().err == ""


def test_nobody_waits_for_the_first_worker_to_be_born(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    born = threading.Event()

    def schedule(function: object, given: tuple[str, ...]) -> None:
        asked.append(given)
        born.wait(10)

    monkeypatch.setattr("dashboard.serving.first.pool_of", lambda queue: SimpleNamespace(schedule=schedule))
    waiting = [begin_worker(), begin_figures(Path("city.toml"))]
    assert [each.is_alive() for each in waiting] == [True, True]
    born.set()
    for each in waiting:
        each.join(10)
    assert sorted(asked) == [(), ("city.toml",)]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_it_listens_on_every_address_of_a_host(host: str) -> None:
    port = free_port()
    sockets = listening(host, port)
    try:
        assert "127.0.0.1" in {each.getsockname()[0] for each in sockets}
        with socket.create_connection(("127.0.0.1", port)):
            pass
        with pytest.raises(OSError, match="use"):
            listening(host, port)
    finally:
        for each in sockets:
            each.close()


def test_what_the_first_page_waits_for_is_loaded_while_the_server_begins() -> None:
    """In a process of its own: in this one other tests have loaded it."""
    asked = (
        "import sys, dashboard.app\n"
        "from dashboard.serving.warming import WITH_A_FIGURE, begin\n"
        "from data.words.catalogue import LAYERS, templates\n"
        "assert not set(WITH_A_FIGURE) <= set(sys.modules)\n"
        "files = {'alembic', 'docx', 'matplotlib.figure', 'pptx', 'reportlab', 'uharfbuzz'}\n"
        "assert not files & set(sys.modules), 'what few ask for is loaded when they do'\n"
        "begin().join()\n"
        "assert set(WITH_A_FIGURE) <= set(sys.modules)\n"
        "assert templates.cache_info().currsize == len(LAYERS) == 3\n"
    )
    ended = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_a_worker_that_is_born_while_a_page_is_drawn_loads_nothing_of_it() -> None:
    born = "import runpy, sys; runpy.run_path(sys.argv[1], run_name='__mp_main__'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", born, str(SCRIPT)], capture_output=True, text=True, check=True)
    assert not {"dashboard", "data", "streamlit"} & set(loaded.stdout.split())
