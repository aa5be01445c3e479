"""Fuel, carbon dioxide and what buses emit, by the average speed of a road.

The coefficients are published facts. Fuel: Department for Transport (2016), WebTAG data book, table A1.3.8 (Open Government
Licence), litres a kilometre = (a + b v + c v² + d v³) / v. Buses: EMEP/EEA (2019), Air pollutant emission inventory guidebook,
1.A.3.b road transport, urban diesel bus of 15-18 t, level road, half laden, grams a kilometre = (α v² + β v + γ + δ / v) /
(ε v² + ζ v + η). Carbon dioxide: US Environmental Protection Agency, 8,887 g per US gallon of gasoline and 10,180 g of diesel.
Factors of buses are not factors of cars: no pollutant but carbon dioxide is told for cars here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["BUSES", "POLLUTANTS", "VEHICLES", "bus_emission", "clipped_speeds", "co2", "fuel", "known_speeds"]

LITRES_PER_GALLON = 3.785411784  # of the United States, by definition
# Average speeds, km/h, that the fuel curves are held to: the published ones that we could check against the data book.
SLOWEST, FASTEST = 10.0, 120.0


@dataclass(frozen=True)
class _Curve:
    """Fuel of one kind of vehicle: the coefficients of the data book, and kilograms of carbon dioxide a litre."""

    a: float
    b: float
    c: float
    d: float
    co2: float


@dataclass(frozen=True)
class _Ratio:
    """A bus's emission: the coefficients of the guidebook's ratio, and the speeds that it stands for."""

    slowest: float
    fastest: float
    over: tuple[float, float, float, float]  # α, β, γ, δ
    under: tuple[float, float, float]  # ε, ζ, η


_PETROL, _DIESEL = 8.887 / LITRES_PER_GALLON, 10.180 / LITRES_PER_GALLON  # kg a litre: 2.348 and 2.689
_FUEL: Mapping[str, _Curve] = MappingProxyType(
    {
        "petrol_car": _Curve(1.119322393, 0.04400477, -8.13834e-05, 2.44908e-06, _PETROL),
        "diesel_car": _Curve(0.49214556, 0.062181967, -0.000590984, 4.64689e-06, _DIESEL),
        "petrol_van": _Curve(1.950832769, 0.034527979, 6.79868e-05, 3.7149e-06, _PETROL),
        "diesel_van": _Curve(1.396883496, 0.0334774, -0.000229978, 7.6732e-06, _DIESEL),
        "lorry_rigid": _Curve(1.431445529, 0.258021379, -0.003906637, 3.36231e-05, _DIESEL),
        "lorry_articulated": _Curve(2.670111055, 0.557155643, -0.007976139, 6.00353e-05, _DIESEL),
        "bus": _Curve(5.980054953, 0.245278327, -0.003064986, 3.06148e-05, _DIESEL),
    }
)
_EMITTED: Mapping[tuple[str, str], _Ratio] = MappingProxyType(
    {
        ("III", "NOx"): _Ratio(
            11.0,
            86.0,
            (0.000962853827383582, 0.43283442172761, 7.09802501183916, 2.96198426932413),
            (0.000927291647143319, 0.0590819238383194, -0.109147145287551),
        ),
        ("V", "NOx"): _Ratio(
            5.0,
            85.0,
            (0.000353348102039702, -0.0561829022680765, 2.65091227404064, 7.87360468889005),
            (-6.23807914060858e-05, 0.0065929959703913, 0.13094553823857),
        ),
        ("VI", "NOx"): _Ratio(
            5.0,
            85.0,
            (-0.000578230359829594, 0.0852369783371723, -1.22508586507569, 5.92250855592671),
            (0.00411530569428363, -0.040690214275321, 0.154767302599627),
        ),
    }
)
VEHICLES: tuple[str, ...] = tuple(_FUEL)
BUSES: tuple[str, ...] = tuple(
    dict.fromkeys(euro for euro, _ in _EMITTED)
)  # the Euro standard; V with selective reduction
POLLUTANTS: tuple[str, ...] = tuple(dict.fromkeys(pollutant for _, pollutant in _EMITTED))


def fuel(speed: ArrayLike, kind: str = "petrol_car") -> NDArray[np.float64]:
    """Litres that a vehicle burns per kilometre at an average speed.

    Parameters
    ----------
    speed : km/h, of any shape; held to 10-120 km/h (`clipped_speeds` counts what was held).
    kind : one of `VEHICLES`.

    Returns
    -------
    Litres per kilometre, in the shape of the speeds; NaN where the speed is.

    Raises
    ------
    KeyError
        For a kind that there is no curve of.

    Examples
    --------
    >>> float(fuel(50.0).round(4)), float(fuel(50.0, "diesel_car").round(4))
    (0.0684, 0.0541)
    """
    v = np.clip(np.asarray(speed, dtype=np.float64), SLOWEST, FASTEST)
    curve = _FUEL[kind]
    return np.asarray(curve.a / v + curve.b + v * (curve.c + v * curve.d), dtype=np.float64)


def co2(litres: ArrayLike, kind: str = "petrol_car") -> NDArray[np.float64]:
    """Kilograms of carbon dioxide out of the exhaust for so many litres: of what was burnt, not of making or moving the fuel.

    Parameters
    ----------
    litres : of fuel, of any shape.
    kind : one of `VEHICLES`: it decides between petrol (2.348 kg/l) and diesel (2.689 kg/l).

    Returns
    -------
    Kilograms, in the shape of the litres.

    Raises
    ------
    KeyError
        For a kind that there is no curve of.

    Examples
    --------
    >>> float(co2(1.0).round(3))
    2.348
    """
    return np.asarray(litres, dtype=np.float64) * _FUEL[kind].co2


def bus_emission(speed: ArrayLike, euro: str = "VI", pollutant: str = "NOx") -> NDArray[np.float64]:
    """Grams of a pollutant that a standard urban diesel bus emits per kilometre at an average speed.

    Parameters
    ----------
    speed : km/h, of any shape; held to the speeds that the factor stands for (`known_speeds`).
    euro : one of `BUSES`.
    pollutant : one of `POLLUTANTS`.

    Returns
    -------
    Grams per kilometre, in the shape of the speeds; NaN where the speed is.

    Raises
    ------
    KeyError
        For a standard or pollutant that there is no factor of.

    Examples
    --------
    >>> float(bus_emission(50.0).round(3)), float(bus_emission(12.0, "III").round(3))
    (0.203, 17.287)
    """
    ratio = _EMITTED[euro, pollutant]
    v = np.clip(np.asarray(speed, dtype=np.float64), ratio.slowest, ratio.fastest)
    alpha, beta, gamma, delta = ratio.over
    epsilon, zeta, eta = ratio.under
    return np.asarray(
        (alpha * v**2 + beta * v + gamma + delta / v) / (epsilon * v**2 + zeta * v + eta), dtype=np.float64
    )


def known_speeds(kind: str, pollutant: str | None = None) -> tuple[float, float]:
    """The slowest and the fastest average speed that a factor stands for, in km/h.

    Parameters
    ----------
    kind : one of `VEHICLES` for fuel; of `BUSES` for a pollutant.
    pollutant : one of `POLLUTANTS`, or None for fuel.

    Returns
    -------
    Both speeds: slower and faster ones are held to them.

    Raises
    ------
    KeyError
        For what there is no factor of.
    """
    if pollutant is None:
        assert _FUEL[kind]
        return SLOWEST, FASTEST
    ratio = _EMITTED[kind, pollutant]
    return ratio.slowest, ratio.fastest


def clipped_speeds(speed: ArrayLike, bounds: tuple[float, float] = (SLOWEST, FASTEST)) -> float:
    """The share of speeds that no factor stands for, so that they are held: below the slowest, emissions are understated.

    Parameters
    ----------
    speed : km/h, of any shape; NaN is not counted.
    bounds : of `known_speeds`; without it those of the fuel curves.

    Returns
    -------
    Between 0 and 1; 0 where there is no speed.
    """
    v = np.asarray(speed, dtype=np.float64)
    v = v[np.isfinite(v)]
    return float(((v < bounds[0]) | (v > bounds[1])).mean()) if v.size else 0.0
