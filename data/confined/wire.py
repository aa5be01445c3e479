"""Messages over a socket: a length, then so many bytes; never more than agreed, never later than agreed."""

from __future__ import annotations

import socket
import struct
import time

__all__ = ["TooLarge", "receive", "send"]

HEAD = struct.Struct("!Q")
STEP = 1 << 20  # at most so much is taken at once, so that nobody's word about a length takes memory


class TooLarge(Exception):
    """A message that announces more bytes than were agreed on."""


def send(channel: socket.socket, message: bytes, *, seconds: float | None = None) -> None:
    """Send a message whole.

    Parameters
    ----------
    channel : a connected stream.
    message : any bytes.
    seconds : until it must be gone (default: for ever).

    Raises
    ------
    OSError
        ``TimeoutError`` among them, when it cannot be sent.
    """
    channel.settimeout(seconds)
    channel.sendall(HEAD.pack(len(message)))
    if message:  # else the other side has all of it: it may have answered and gone, to whom even nothing cannot be sent
        channel.sendall(message)


def receive(channel: socket.socket, *, most: int | None = None, seconds: float | None = None) -> bytes:
    """The next message.

    Parameters
    ----------
    channel : a connected stream.
    most : bytes that it may have (default: any).
    seconds : until all of it must be there (default: for ever).

    Returns
    -------
    Its bytes.

    Raises
    ------
    TooLarge
        When it has more.
    EOFError
        When the other side has gone.
    OSError
        ``TimeoutError`` among them.
    """
    until = None if seconds is None else time.monotonic() + seconds
    (length,) = HEAD.unpack(_bytes(channel, HEAD.size, until))
    if most is not None and length > most:
        raise TooLarge
    return _bytes(channel, length, until)


def _bytes(channel: socket.socket, length: int, until: float | None) -> bytes:
    found = bytearray()
    while len(found) < length:
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0:
            raise TimeoutError
        channel.settimeout(left)
        part = channel.recv(min(STEP, length - len(found)))
        if not part:
            raise EOFError
        found += part
    return bytes(found)
