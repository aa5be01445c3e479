"""Some hundreds of broken and hostile city files, each the tiny city with one file replaced, always the same ones."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from tiny_city import REQUESTS, THEFTS, TOML, WARDS, spoiled, square, write_city

HUGE = 10**8  # letters in one cell
QUOTE = '"'


@dataclass(frozen=True)
class Hostile:
    """A file of the tiny city by name, what stands in it instead, and the city.toml that names it."""

    name: str
    file: str
    content: bytes
    toml: str = TOML

    def write(self, folder: Path) -> Path:
        """Write the city into a folder; its city.toml."""
        path = write_city(folder, toml=self.toml)
        (folder / self.file).write_bytes(self.content)
        return path


def _rows() -> Iterator[Hostile]:
    """Rows of values that are written in ways of all kinds."""
    accented = REQUESTS.replace("day,ward,n\n", "day,ward,n,whät\n").replace("3\n", "3,é\n").replace("4\n", "4,“x”\n")
    accented = "\n".join(line if line.count(",") == 3 else line + ",—" for line in accented.splitlines())
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "utf-7", "cp500", "gb18030"):
        yield _csv(f"encoding {encoding}", accented.encode(encoding, "replace"))
    yield _csv("two byte-order marks", b"\xef\xbb\xbf\xef\xbb\xbf" + REQUESTS.encode())
    yield _csv("half a letter", REQUESTS.encode() + b"2024-01-04,1,\xc3")
    for name, end in {
        "carriage returns": "\r",
        "both": "\r\n",
        "turned": "\n\r",
        "double": "\n\n",
        "next line": "\x85",
        "separator": "\u2028",
        "form feed": "\f",
        "blank lines": "\n   \n",
        "none": "",
    }.items():
        yield _csv(f"ends {name}", REQUESTS.replace("\n", end).encode())
    lines = REQUESTS.splitlines()
    yield _csv("mixed ends", "".join(line + "\n\r\n\r"[n % 3 :][: 1 + n % 2] for n, line in enumerate(lines)).encode())
    for place in (0, 1, 2, 5, 6):
        for name, spoil in {
            "opened": lambda line: line.replace(",", ',"', 1),
            "closed": lambda line: line.replace(",", '",', 1),
            "first": lambda line: QUOTE + line,
            "last": lambda line: line + QUOTE,
            "last value": lambda line: line[:-1] + '"' + line[-1],
            "short": lambda line: line.rpartition(",")[0],
            "long": lambda line: line + ",x",
            "nul": lambda line: line[:3] + "\0" + line[3:],
            "broken": lambda line: line[:4] + "\n" + line[4:],
            "comma": lambda line: "," + line,
        }.items():
            spoilt = [spoil(line) if n == place else line for n, line in enumerate(lines)]
            yield _csv(f"{name} on line {place + 1}", "\n".join(spoilt).encode())
    for one, other in ((1, 2), (1, 4), (2, 6), (3, 5)):
        opened = [line.replace(",", ',"', 1) if n in (one, other) else line for n, line in enumerate(lines)]
        yield _csv(f"quotes open on lines {one + 1} and {other + 1}", "\n".join(opened).encode())
        stray = [
            line[:-1] + QUOTE + line[-1] if n == one else line + QUOTE if n == other else line
            for n, line in enumerate(lines)
        ]
        yield _csv(f"quotes around lines {one + 1} to {other + 1}", "\n".join(stray).encode())
    for name, mark in {
        "semicolons": ";",
        "tabs": "\t",
        "bars": "|",
        "colons": ":",
        "spaces": " ",
        "units": "\x1f",
    }.items():
        yield _csv(name, REQUESTS.replace(",", mark).encode())
    for name, header in {
        "no names": ",,",
        "one name": "n",
        "twice": "day,ward,ward",
        "spaces": " day , ward , n ",
        "capitals": "DAY,WARD,N",
        "none": "",
        "more": "day,ward,n,x",
        "line break": '"day",ward,"n\n"',
        "nul": "day\0,ward,n",
        "long": f"day,ward,n{'x' * 5000}",
        "longer": f"day,ward,{'x' * 2_000_000}",
    }.items():
        yield _csv(f"header {name}", "\n".join([header, *lines[1:]]).encode())
    for name, content in {
        "nothing": b"",
        "a line": b"\n",
        "nuls": b"\0" * 100,
        "header only": b"day,ward,n",
        "commas": b",,\n" * 20,
        "quotes": b'"' * 99,
        "even quotes": b'"' * 100,
        "random": bytes(range(256)) * 8,
        "quoted nuls": b'day,ward,n\n"\0","\0","\0"\n',
    }.items():
        yield _csv(f"only {name}", content)
    many = ",".join(f"c{n}" for n in range(20_000))
    yield _csv("many columns", f"day,ward,n,{many}\n2024-01-01,1,1{',0' * 20_000}\n".encode())
    yield _csv("one huge cell", f"day,ward,n,x\n2024-01-01,1,1,{'y' * HUGE}\n".encode())


def _csv(name: str, content: bytes, toml: str = TOML) -> Hostile:
    return Hostile(f"rows: {name}", "requests.csv", content, toml)


VALUES = {
    "empty": "",
    "blank": " ",
    "nan": "NaN",
    "infinity": "inf",
    "minus infinity": "-Infinity",
    "beyond": "1e400",
    "digits": "1" * 400,
    "negative": "-1",
    "half": "0.5",
    "arabic": "٣",
    "formula": "=1+1",
    "script": "<script>alert(1)</script>",
    "path": "../../etc/passwd",
    "open": "9999-12-31",
    "no day": "0000-00-00",
    "far": "2260-01-01",
    "long ago": "1700-01-01",
    "no date": "2024-02-30",
    "no hour": "2024-01-01T25:00",
    "offset": "2024-01-01 10:00:00+01",
    "seconds": "1704067200",
    "null": "null",
    "long": "x" * 5000,
    "hexadecimal": "0x10",
    "thousands": "1.000",
    "tiny": "1e-320",
    "zeros": "0001",
    "emoji": "🙂",
    "reversed": "\u202e1",
}


def _values() -> Iterator[Hostile]:
    """One odd value in each column."""
    for column, name in enumerate(("day", "ward", "n")):
        for value, text in VALUES.items():
            row = ["2024-01-04", "1", "7"]
            row[column] = text
            yield _csv(f"{name} {value}", f"{REQUESTS}{','.join(row)}\n".encode())
    for text in ("inf", "x", "-1", "1" * 400):
        yield _csv(
            f"all {text[:4]}", "\n".join(["day,ward,n", *(f"2024-01-0{n},1,{text}" for n in range(1, 9))]).encode()
        )
    hourly = spoiled('freq = "D"', 'freq = "h"')
    for name, text in {
        "far": "2260-01-01",
        "twice": "2024-10-27 02:00",
        "never": "2024-03-31 02:30",
        "half": "2024-01-01 00:30",
    }.items():
        yield _csv(f"hour {name}", f"{REQUESTS.replace(',1,', ' 05:00,1,')}{text},1,1\n{text},1,2\n".encode(), hourly)


def _points() -> Iterator[Hostile]:
    """One odd value in each column of points."""
    for column, name in enumerate(("when", "longitude")):
        for value, text in VALUES.items():
            row = ["2024-01-02 10:00", "15.05", "50.05"]
            row[column] = text
            yield Hostile(f"points: {name} {value}", "thefts.csv", f"{THEFTS}{','.join(row)}\n".encode())
    bare = TOML[: TOML.index("[areas.ward]")] + TOML[TOML.index("[incidents.theft]") : TOML.index("[series.requests]")]
    bare = bare.replace('areas = "ward"\n', "")
    for name, text in {
        "swapped": "when,lon,lat\n2024-01-01 10:00,50.05,15.05\n",
        "one": THEFTS[:41],
        "pole": "when,lon,lat\n2024-01-01 10:00,0,90\n",
    }.items():
        yield Hostile(f"points alone: {name}", "thefts.csv", text.encode(), bare)


def _shapes() -> Iterator[Hostile]:
    """Areas of all kinds."""
    polygon = square(15.0, 50.0)
    ring = polygon["coordinates"][0]
    about = {"ward": 1, "title": "West", "people": 1}
    geometries = {
        "none": None,
        "empty": {},
        "point": {"type": "Point", "coordinates": [15, 50]},
        "no type": {"coordinates": [ring]},
        "line": {"type": "LineString", "coordinates": ring},
        "no coordinates": {"type": "Polygon"},
        "empty ring": _polygon([[]]),
        "no rings": _polygon([]),
        "one corner": _polygon([ring[:1]]),
        "two corners": _polygon([ring[:2]]),
        "open": _polygon([ring[:-1]]),
        "three": _polygon([ring[:3]]),
        "bare ring": _polygon(ring),
        "texts": _polygon([[["15", "50"]] * 4]),
        "nulls": _polygon([[None] * 4]),
        "crossed": _polygon([[ring[0], ring[2], ring[1], ring[3], ring[0]]]),
        "flat": _polygon([[[15, 50], [15.1, 50], [15.05, 50], [15, 50]]]),
        "high": _polygon([[[*point, 9.0] for point in ring]]),
        "mixed": _polygon([[[*ring[0], 1.0], *ring[1:]]]),
        "outside": square(1000, 2000),
        "metres": square(5e5, 5e6),
        "swapped": square(50, 15),
        "date line": square(179.95, 50.0),
        "all": {"type": "GeometryCollection", "geometries": [polygon]},
        "blob": {"type": "Blob", "coordinates": [1]},
        "no parts": {"type": "MultiPolygon", "coordinates": []},
        "hole": _polygon([ring, [[14, 49], [14.1, 49], [14.1, 49.1], [14, 49]]]),
        "infinite": _polygon([[[1e308 * 10, 50], *ring[1:]]]),
        "not numbers": _polygon([[[float("nan"), 50], *ring[1:]]]),
    }
    for name, shape in geometries.items():
        yield _areas(f"shape {name}", geojson_of([(about, shape), ({**about, "ward": 2}, square(15.1, 50.0))]))
    for name, value in {
        "null": None,
        "list": [1],
        "table": {"a": 1},
        "true": True,
        "empty": "",
        "float": 1.0,
        "huge": 10**400,
        "long": "x" * 5000,
        "minus": -1,
        "text": "many",
        "nan": float("nan"),
        "blank": "  ",
        "script": "<b>",
    }.items():
        for key in about:
            yield _areas(
                f"{key} {name}",
                geojson_of([({**about, key: value}, polygon), ({**about, "ward": 2}, square(15.1, 50.0))]),
            )
    whole = json.loads(WARDS)
    for name, content in {
        "half": WARDS[: len(WARDS) // 2],
        "no end": WARDS[:-1],
        "nothing": "",
        "null": "null",
        "list": "[]",
        "number": "3",
        "text": '"x"',
        "no features": "{}",
        "null features": '{"features": null}',
        "table": '{"features": {"a": 1}}',
        "numbers": '{"features": [1, 2]}',
        "nulls": '{"features": [null]}',
        "lists": '{"features": [[]]}',
        "one": json.dumps(whole["features"][0]),
        "comma": WARDS[:-2] + ",]}",
        "single quotes": WARDS.replace('"', "'"),
        "comment": "// areas\n" + WARDS,
        "twice": WARDS + WARDS,
        "page": "<!doctype html><p>Not found",
        "lines": "\n".join(json.dumps(each) for each in whole["features"]),
        "mark": "\ufeff" + WARDS,
        "nul": WARDS + "\0",
        "deep": "[" * 100_000,
        "deep shape": '{"features": [{"geometry": {"type": "Polygon", "coordinates": ' + "[" * 900 + "]" * 900 + "}}]}",
        "topology": json.dumps({"type": "Topology", "objects": {}, "arcs": []}),
        "surrogate": WARDS.replace("WEST END", "\\ud800"),
        "no properties": json.dumps({"features": [{"type": "Feature", "geometry": polygon}]}),
        "same id": WARDS.replace('"ward": 2', '"ward": 1'),
        "null properties": json.dumps({"features": [{"properties": None, "geometry": polygon}]}),
        "number beyond": WARDS.replace("100", "1e999"),
        "link": '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>requests.csv</SrcDataSource></OGRVRTLayer>',
    }.items():
        yield _areas(f"file {name}", content)
    for encoding in ("utf-16", "utf-32", "cp500"):
        yield Hostile(f"areas: file in {encoding}", "wards.geojson", WARDS.encode(encoding))


def geojson_of(features: list[tuple[dict[str, object], object]]) -> str:
    """As ``geojson``, of geometries that may be none."""
    made = [{"type": "Feature", "properties": about, "geometry": shape} for about, shape in features]
    return json.dumps({"type": "FeatureCollection", "features": made})


def _polygon(coordinates: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": coordinates}


def _areas(name: str, content: str) -> Hostile:
    return Hostile(f"areas: {name}", "wards.geojson", content.encode("utf-8", "surrogatepass"))


def _city_files() -> Iterator[Hostile]:
    """A city.toml with one odd value."""
    target = '\n[targets.few]\nseries = "requests"\nfrom = {0}\nuntil = {1}\nat_most = {2}\n'
    swaps = {
        "timezone": (
            '"Europe/Prague"',
            ['""', '"Europe"', '"../../../etc/passwd"', '"/etc/passwd"', r'"\u0000"', f'"{"x" * 5000}"', "3", "[]"],
        ),
        "crs": (
            '"EPSG:32633"',
            [
                '""',
                '"EPSG:99999999"',
                '"+proj=utm +zone=99"',
                f'"{"x" * 5000}"',
                r'"\u0000"',
                '"EPSG:4326"',
                '"{}"',
                "32633",
            ],
        ),
        "currency": (
            '"CZK"',
            [
                '"x"\nfolder = "~nosuchuser/x"',
                r'"x"' + '\nfolder = "\\u0000"',
                '"x"\nfolder = "${NOWHERE_AT_ALL}"',
                '"x"\nalarms_per_week = 1e400',
            ],
        ),
        "name": ('"Tiny"', ['""', '"/"', '"東京"', '"<script>"', f'"{"x" * 5000}"', "1", "{ a = 1 }"]),
        "source": (
            '"requests.csv"',
            [
                '""',
                '"."',
                '"/dev/zero"',
                '"/dev/stdin"',
                '"../../../../etc/passwd"',
                r'"\u0000.csv"',
                f'"{"x" * 5000}.csv"',
                '"http://localhost/x.csv"',
                '"file:///etc/passwd"',
                '"://"',
                '"city.toml"',
                '"wards.geojson"',
                '"~nosuchuser/x.csv"',
            ],
        ),
        "when": (
            '"when"',
            [
                f'"when"\ntime_format = "{each}"'
                for each in ("%Q%%%", "%", "%Y%Y", "", "mixed", "%s", "%(", "%G-%V", "x" * 5000, "%d/%m/%Y")
            ],
        ),
        "until": (
            "2024-01-03",
            [
                "9999-12-31",
                "0001-01-01",
                "2260-01-01",
                "1700-01-01",
                '"2024"',
                '""',
                "12:00:00",
                "1979-05-27T07:32:00Z",
                *(
                    f"2024-01-03\ndrop = {{ lon = '{each}' }}"
                    for each in ("*", "*" * 50, "(" * 50, "[", "\\", "15.05*?{9}", "x" * 5000)
                ),
            ],
        ),
        "value": (
            '"n"',
            [
                '"n"\nno_row = "zero"',
                '"n"\nvalue_type = "continuous"',
                '"n"\nfrom = 1700-01-01',
                '"n"\ncategory = "n"',
                '"day"',
                '""',
                "[1]",
            ],
        ),
        "freq": ('"D"', ['"h"', '"W-MON"', '"MS"', '"YS"', '"s"', '"daily"', "1", '"D\\n"']),
        "id": (
            '"ward"\nname',
            [
                '""\nname',
                '"people"\nname',
                '"ward"\ndissolve = true\nname',
                '"ward"\nparent = "ward"\nparent_id = "ward"\nname',
                "1\nname",
            ],
        ),
    }
    for name, (old, values) in swaps.items():
        for number, value in enumerate(values):
            yield _toml(f"{name} {number}", spoiled(old, value).encode())
    for name, stated in {
        "digits": ("2024-01-01", "2024-01-03", "1" * 400),
        "more digits": ("2024-01-01", "2024-01-03", "1" * 5000),
        "nan": ("2024-01-01", "2024-01-03", "nan"),
        "far": ("0001-01-01", "9999-12-31", "1"),
        "no day": ("2024-13-45", "2024-01-03", "1"),
        "turned": ("2024-01-03", "2024-01-01", "1"),
    }.items():
        yield _toml(f"target {name}", (TOML + target.format(*stated)).encode())
    for name, content in {
        "nothing": b"",
        "mark": b"\xef\xbb\xbf" + TOML.encode(),
        "utf-16": TOML.encode("utf-16"),
        "nul": TOML.encode() + b"\0",
        "random": bytes(range(256)),
        "city list": b"[[city]]\nname = 'x'",
        "city text": b"city = 'x'",
        "deep": b"x = " + b"[" * 100_000,
        "deep tables": b"[" + b".".join([b"a"] * 5000) + b"]",
        "twice": TOML.encode() * 2,
        "half": TOML.encode()[:200],
        "section text": b"areas = 'x'\n" + TOML.replace("[areas.ward]", "[zones.ward]").encode(),
        "date": TOML.encode() + b"\nx = 2024-99-99",
        "spaces": b" " * 100_000,
        "latin": TOML.replace("Tiny", "Pé").encode("latin-1"),
    }.items():
        yield _toml(f"file {name}", content)


def _toml(name: str, content: bytes) -> Hostile:
    return Hostile(f"city file: {name}", "city.toml", content)


def _binaries() -> Iterator[Hostile]:
    """Parquet, zips and other bytes."""
    toml = TOML.replace("requests.csv", "requests.parquet")
    frame = pd.read_csv(io.StringIO(REQUESTS))
    frames = {
        "numbers": frame,
        "dates": frame.assign(day=pd.to_datetime(frame["day"])),
        "zone": frame.assign(day=pd.to_datetime(frame["day"], utc=True)),
        "lists": frame.assign(n=[[1]] * 6),
        "tables": frame.assign(n=[{"a": 1}] * 6),
        "bytes": frame.assign(ward=[b"\xff\xfe"] * 6),
        "booleans": frame.assign(n=[True] * 6),
        "kinds": frame.assign(ward=frame["ward"].astype(str).astype("category")),
        "none": frame.iloc[:0],
        "nothing": frame.assign(n=None),
        "spans": frame.assign(n=pd.to_timedelta(frame["n"], unit="D")),
        "infinite": frame.assign(n=float("inf")),
        "index": frame.set_index("day"),
        "floats": frame.assign(ward=frame["ward"].astype(float)),
        "list days": frame.assign(day=[["x"]] * 6),
        "date objects": frame.assign(day=pd.to_datetime(frame["day"]).dt.date),
        "number days": frame.assign(day=20240101),
        "list wards": frame.assign(ward=[[1]] * 6),
    }
    for name, made in frames.items():
        yield Hostile(f"parquet: {name}", "requests.parquet", _parquet(made), toml)
    whole = _parquet(frame)
    for share in (0, 0.01, 0.3, 0.6, 0.95, 0.999):
        yield Hostile(f"parquet: {share:.1%} of it", "requests.parquet", whole[: int(len(whole) * share)], toml)
    for place in (4, 60, len(whole) // 2, len(whole) - 40, len(whole) - 6):
        spoilt = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        yield Hostile(f"parquet: byte {place} turned", "requests.parquet", spoilt, toml)
    packed = gzip.compress(REQUESTS.encode(), mtime=0)
    gz = TOML.replace("requests.csv", "requests.csv.gz")
    for name, content in {
        "whole": packed,
        "half": packed[: len(packed) // 2],
        "no end": packed[:-1],
        "two": packed + gzip.compress(b"2024-01-04,1,1\n", mtime=0),
        "plain": REQUESTS.encode(),
        "behind": packed + b"junk",
        "twice": gzip.compress(packed, mtime=0),
        "nothing": b"",
        "bad sum": packed[:-8] + b"\0" * 8,
        "picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    }.items():
        yield Hostile(f"gzip: {name}", "requests.csv.gz", content, gz)
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr(zipfile.ZipInfo("../../x.csv"), REQUESTS)
    for name, file in {
        "csv": "requests.csv",
        "shapes": "wards.geojson",
        "toml": "city.toml",
        "points": "thefts.csv",
    }.items():
        yield Hostile(f"zip as {name}", file, stored.getvalue())
        yield Hostile(f"half a zip as {name}", file, stored.getvalue()[:60])
        yield Hostile(f"picture as {name}", file, b"\x89PNG\r\n\x1a\n" + bytes(range(200)))
    longest = "r" * 251 + ".csv"
    yield Hostile("the longest name", longest, REQUESTS.encode(), TOML.replace("requests.csv", longest))
    for kind in ("xlsx", "zip", "shp", "gpkg", "json", "txt"):
        yield Hostile(
            f"of kind {kind}", f"requests.{kind}", stored.getvalue(), TOML.replace("requests.csv", f"requests.{kind}")
        )


def _parquet(frame: pd.DataFrame) -> bytes:
    made = io.BytesIO()
    frame.to_parquet(made)
    return made.getvalue()


MAKERS = (_rows, _values, _points, _shapes, _city_files, _binaries)
"""What makes the files, by kind."""
