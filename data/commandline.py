"""What all command lines share: a parser that refuses in one sentence of our own, and a reader that may stop reading."""

from __future__ import annotations

import argparse
import errno
import os
import re
import sys
from collections.abc import Callable
from typing import NoReturn

from data.words import say

__all__ = ["MISTAKE", "Parser", "number", "run_quietly", "whole"]

MISTAKE = 2  # the exit status of a user's mistake
STOPPED = 0  # that of a command whose reader, such as head, has read enough
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)  # what a disk says that takes no more

# What argparse says of a mistake, by the code of our own sentence; its texts are those of Python 3.11 to 3.14.
SPOKEN = {
    "lacks": r"the following arguments are required: (?P<names>.+)",
    "unknown": r"unrecognized arguments: (?P<names>.+)",
    "no_value": r"argument (?P<name>.+): expected .*arguments?",
    "no_command": r"argument COMMAND: invalid choice: '(?P<value>.*)' \(choose from (?P<names>.*)\)",
    "ambiguous": r"ambiguous option: (?P<value>.+) could match (?P<names>.+)",
    "refused": r"argument (?P<name>[^:]+): (?P<reason>.+)",
    "other": r"(?P<reason>.+)",
}


class Parser(argparse.ArgumentParser):
    """An argument parser whose refusals are one line; argparse would print the usage as well."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to see what is allowed, and end with status 2."""
        self.exit(MISTAKE, f"civicast: {_refusal(message, self.prog)}\n")


def _refusal(message: str, program: str) -> str:
    line = " ".join(message.split())
    for code, pattern in SPOKEN.items():
        found = re.fullmatch(pattern, line)
        if found:
            evidence = found.groupdict() | {"program": program}
            if "names" in evidence:
                evidence["names"] = [each.strip("'") for each in re.split(r",? ", evidence["names"])]
            return say(f"command_line.{code}", evidence)
    raise AssertionError(line)  # the last pattern takes any text


def whole(text: str) -> int:
    """A whole number, as argparse takes a type."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(say("command_line.not_whole", {"value": text})) from None


def number(text: str) -> float:
    """A finite number, as argparse takes a type."""
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not abs(found) < float("inf"):
        raise argparse.ArgumentTypeError(say("command_line.not_a_number", {"value": text}))
    return found


def run_quietly(run: Callable[[], int]) -> int:
    """Run a command; that its reader (``| head``) has closed the pipe is no mistake, and a full disk is told in a sentence.

    Parameters
    ----------
    run : gives the exit status.

    Returns
    -------
    int
        The exit status, 0 where nobody reads on.
    """
    try:
        status = run()
        sys.stdout.flush()
    except BrokenPipeError:
        _write_no_more()
        return STOPPED
    except OSError as error:
        if error.errno not in FULL:
            raise
        _write_no_more()
        sys.stderr.write(f"civicast: {say('command_line.disk_full', {'why': error.strerror})}\n")
        return MISTAKE
    return status


def _write_no_more() -> None:
    """What is left in the buffer goes nowhere: Python would try to write it once more as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
