"""Run by test_sandbox in a process of its own: become a user, let the system refuse calls, then try
to break out, from inside or (the control) without a sandbox.

argv: "inside" or "control", user id or -1, an interpreter for that user, calls refused by number
(comma), what the trial is told (JSON). Answers one line of JSON.
"""

from __future__ import annotations

import io
import json
import os
import struct
import sys

import django


def refuse(numbers: list[int], option: bool) -> None:
    """From here on the kernel answers as one that does not know these calls."""
    from mingzheng.core.confinement import system

    line = system._line
    lines = [struct.pack("=HBBI", 0x20, 0, 0, 0)]
    for number in numbers:
        lines += [line(0x15, number, 0, 1), line(0x06, 0x00050000 | 38)]
    if option:
        # prctl(PR_SET_SECCOMP)
        lines += [
            line(0x15, 157, 0, 3),
            line(0x20, 16),
            line(0x15, 22, 0, 1),
            line(0x06, 0x00050000 | 22),
        ]
    system.no_new_privileges()
    assert system.filtered(b"".join([*lines, line(0x06, 0x7FFF0000)]))


def main() -> None:
    """Say what became of each attempt."""
    django.setup()
    from mingzheng.core.confinement import breakout
    from mingzheng.records import sandbox

    mode, user, executable, numbers, told = sys.argv[1:6]
    sys.executable = executable
    refused = [int(each) for each in numbers.split(",") if each]
    if refused:
        refuse(refused, 317 in refused)
    if int(user) >= 0:
        os.setgroups([])
        os.setresgid(int(user), int(user), int(user))
        os.setresuid(int(user), int(user), int(user))
    if mode == "control":
        said = breakout.answer("control", io.BytesIO(), -1, json.loads(told))
        print(json.dumps({"said": said, "held": [], "unread": ""}))
        return
    try:
        answer = sandbox.ask(breakout.__name__, "inside", b"x", told=json.loads(told))
    except sandbox.Unconfined as error:
        print(json.dumps({"said": {}, "held": [], "unread": str(error)}))
        return
    print(json.dumps({"said": answer.said, "held": sorted(answer.held), "unread": ""}))


if __name__ == "__main__":
    main()
